package org.joblog.shipper.window;

/**
 * How long a job may still be held back. Waiting in which the server acknowledges at least the
 * floor costs nothing, so a limit on throughput can slow a job for ever; waiting without progress
 * is charged, and earned again at a hundredth of the time in which the job runs freely. Times are
 * {@link System#nanoTime} values. Confined to the window's lock.
 */
final class HoldBudget {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long EARNED_PER = 100;

  private final long capacityNanos;
  private final long floorBytesPerSecond;
  private long leftNanos;
  private long freeSince;
  private long heldSince;
  private long acknowledgedBefore;
  private int holders;

  HoldBudget(long capacityNanos, long floorBytesPerSecond, long now) {
    this.capacityNanos = capacityNanos;
    this.floorBytesPerSecond = floorBytesPerSecond;
    this.leftNanos = capacityNanos;
    this.freeSince = now;
  }

  /** One more stream waits. */
  void begin(long now, long acknowledgedBytes) {
    if (holders++ == 0) {
      leftNanos = Math.min(capacityNanos, leftNanos + (now - freeSince) / EARNED_PER);
      heldSince = now;
      acknowledgedBefore = acknowledgedBytes;
    }
  }

  /** Whether whoever waits may go on waiting. */
  boolean isLeft(long now, long acknowledgedBytes) {
    return leftNanos > charge(now, acknowledgedBytes);
  }

  /** One stream waits no more. */
  void end(long now, long acknowledgedBytes) {
    if (--holders == 0) {
      leftNanos = Math.max(0, leftNanos - charge(now, acknowledgedBytes));
      freeSince = now;
    }
  }

  private long charge(long now, long acknowledgedBytes) {
    double excused =
        (double) (acknowledgedBytes - acknowledgedBefore) / floorBytesPerSecond * NANOS_PER_SECOND;
    return Math.max(0, now - heldSince - (long) excused);
  }
}
