package org.joblog.ingest.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on bytes that are held in memory. It is checked before a frame is taken, so it can be
 * passed by one frame for each connection and no more. Safe for use by many threads.
 */
final class Budget {

  private final long limitBytes;

  /** Below this, those who wait go on: not at the limit, or they would stop again at once. */
  private final long resumeBytes;

  private final AtomicLong used = new AtomicLong();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  Budget(long limitBytes) {
    this.limitBytes = limitBytes;
    resumeBytes = limitBytes - limitBytes / 4;
  }

  void charge(long bytes) {
    used.addAndGet(bytes);
  }

  void release(long bytes) {
    if (used.addAndGet(-bytes) <= resumeBytes && !waiting.isEmpty()) {
      wake();
    }
  }

  boolean exhausted() {
    return used.get() >= limitBytes;
  }

  /** Bytes that are held now. */
  long usedBytes() {
    return used.get();
  }

  /** Runs the task, on whatever thread, when there is room again; at once if there is already. */
  void whenRoom(Runnable task) {
    waiting.add(task);
    if (used.get() <= resumeBytes) {
      wake();
    }
  }

  private void wake() {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      task.run();
    }
  }
}
