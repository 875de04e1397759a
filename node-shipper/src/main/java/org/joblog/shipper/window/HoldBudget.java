package org.joblog.shipper.window;

/**
 * How long a job may still be held back. Acknowledged bytes excuse the time that they would take at
 * the floor's rate, so a limit on throughput, which stays above the floor, can slow a job for ever.
 * Waiting that is not excused is charged, and earned again at a hundredth of the time in which the
 * job runs freely. Times are {@link System#nanoTime} values. Confined to the window's lock.
 */
final class HoldBudget {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long EARNED_PER = 100;

  /** So long may one burst of acknowledgements excuse what comes after it. */
  private static final long LONGEST_EXCUSE = 10 * NANOS_PER_SECOND;

  private final long capacityNanos;
  private final long floorBytesPerSecond;
  private long leftNanos;
  private long excusedUntil;
  private long settledAt;
  private int holders;

  HoldBudget(long capacityNanos, long floorBytesPerSecond, long now) {
    this.capacityNanos = capacityNanos;
    this.floorBytesPerSecond = floorBytesPerSecond;
    leftNanos = capacityNanos;
    excusedUntil = now;
    settledAt = now;
  }

  /** One more stream waits. */
  void begin(long now) {
    settle(now);
    holders++;
  }

  /** One stream waits no more. */
  void end(long now) {
    settle(now);
    holders--;
  }

  /** The server has committed bytes. */
  void acknowledged(long bytes, long now) {
    settle(now);
    long excuse = Math.min(LONGEST_EXCUSE, bytes * NANOS_PER_SECOND / floorBytesPerSecond);
    excusedUntil = Math.min(Math.max(excusedUntil, now) + excuse, now + LONGEST_EXCUSE);
  }

  /** How long whoever waits may go on waiting if nothing happens, in ns; 0 for not at all. */
  long leftNanos(long now) {
    settle(now);
    return leftNanos + Math.max(0, excusedUntil - now);
  }

  /** Accounts for the time since the last call. */
  private void settle(long now) {
    if (holders == 0) {
      leftNanos = Math.min(capacityNanos, leftNanos + (now - settledAt) / EARNED_PER);
    } else {
      long unexcused = Math.max(0, now - Math.max(settledAt, excusedUntil));
      leftNanos = Math.max(0, leftNanos - unexcused);
    }
    settledAt = now;
  }
}
