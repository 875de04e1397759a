package org.joblog.shipper.window;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * Holds the threads back that read a job's output, within the job's budget, and counts for how
 * long. Confined to the window's lock, which waiting lets go.
 */
final class Hold {

  /** How often a thread that holds the job back looks whether it may go on doing so. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final HoldBudget budget;
  private final long longestNanos;
  private final Condition changed;
  private final JobWindow.Clock clock;
  private long heldNanos;

  /**
   * Nobody is held back yet.
   *
   * @param changed of the window's lock; signalled whenever there may be a reason to go on
   */
  Hold(WindowLimits limits, Condition changed, JobWindow.Clock clock) {
    budget =
        new HoldBudget(limits.holdBudget().toNanos(), limits.floorBytesPerSecond(), clock.nanos());
    longestNanos = limits.longestHold().toNanos();
    this.changed = changed;
    this.clock = clock;
  }

  /** Waits as long as there is a reason to, and the budget lasts. */
  void waitWhile(BooleanSupplier reason) throws InterruptedException {
    long begin = clock.nanos();
    budget.begin(begin);
    try {
      long left = leftNanos(begin);
      while (left > 0 && reason.getAsBoolean()) {
        changed.await(Math.min(left, SLICE_NANOS), TimeUnit.NANOSECONDS);
        left = leftNanos(begin);
      }
    } finally {
      heldNanos += clock.nanos() - begin;
      budget.end(clock.nanos());
    }
  }

  /** How long whoever began to wait then may go on waiting, in ns. */
  private long leftNanos(long begin) {
    long now = clock.nanos();
    return Math.min(budget.leftNanos(now), begin + longestNanos - now);
  }

  /** The server has committed bytes, which excuses waiting. */
  void acknowledged(long bytes) {
    budget.acknowledged(bytes, clock.nanos());
  }

  /** How long it has held the job back in all, in ns. */
  long heldNanos() {
    return heldNanos;
  }
}
