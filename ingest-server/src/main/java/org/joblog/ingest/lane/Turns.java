package org.joblog.ingest.lane;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.joblog.ingest.store.Turn;

/**
 * The order in which a lane's tasks reach the database, however many threads work on them. Safe for
 * use by many threads.
 */
final class Turns {

  /**
   * For how long something begun ahead waits for its turn. What it waits for may itself wait for a
   * lock that this one holds, by way of a third session, which no database sees.
   */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long given;
  private long present;
  private boolean faltering;
  private boolean stopped;

  /** One task's place in the order. One thread holds it. */
  final class Place implements Turn {

    private final long number;

    private Place(long number) {
      this.number = number;
    }

    /** Whether all tasks before this one are done. */
    boolean hasCome() {
      lock.lock();
      try {
        return number == present;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean await() {
      return await(LONGEST_WAIT, true);
    }

    /**
     * Waits for as long as it takes; nothing in the database may wait for this thread meanwhile.
     *
     * @return false if the writers are to end
     */
    boolean awaitPatiently() {
      return await(Duration.ofNanos(Long.MAX_VALUE), false);
    }

    private boolean await(Duration most, boolean giveUpIfFaltering) {
      lock.lock();
      try {
        long nanos = most.toNanos();
        while (number != present) {
          if (stopped || nanos <= 0 || (giveUpIfFaltering && faltering)) {
            return false;
          }
          nanos = changed.awaitNanos(nanos);
        }
        return !stopped;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        lock.unlock();
      }
    }

    /** This task, whose turn it is, has to be tried again: nobody should wait with locks. */
    void falter() {
      lock.lock();
      try {
        faltering = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** The task is done: it is the next one's turn. */
    void done() {
      lock.lock();
      try {
        present = number + 1;
        faltering = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The next place in the order. */
  Place next() {
    lock.lock();
    try {
      return new Place(given++);
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
