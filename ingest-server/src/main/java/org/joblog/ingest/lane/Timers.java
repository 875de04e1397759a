package org.joblog.ingest.lane;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What a lane has to do later, by time. Confined to its lane's thread. */
final class Timers {

  private final PriorityQueue<Timer> queue =
      new PriorityQueue<>(Comparator.comparingLong(Timer::atNanos));

  /** Runs the task at the given time or soon after. */
  void at(long atNanos, Runnable task) {
    queue.add(new Timer(atNanos, task));
  }

  /** Runs all tasks that are due. */
  void runDue(long nowNanos) {
    for (Timer next = queue.peek(); next != null && next.atNanos <= nowNanos; next = queue.peek()) {
      queue.remove();
      next.task.run();
    }
  }

  /**
   * How long until the next task is due, in nanoseconds.
   *
   * @param most the answer where there is none
   */
  long untilNext(long nowNanos, long most) {
    Timer next = queue.peek();
    return next == null ? most : Math.clamp(next.atNanos - nowNanos, 0, most);
  }

  private record Timer(long atNanos, Runnable task) {}
}
