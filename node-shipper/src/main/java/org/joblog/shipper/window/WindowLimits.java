package org.joblog.shipper.window;

import java.time.Duration;

/**
 * How much of a job's output the shipper keeps and how long it may hold the job back. Immutable.
 *
 * @param ringBytes memory for each stream, a power of two; about a second of a fast writer, and
 *     only touched as it is used
 * @param readBytes most that is read from a pipe at once: what Linux lets a pipe hold by default is
 *     64 KiB, and more at once only costs cache
 * @param spoolBytes disk for all streams of the job together
 * @param holdBudget how long the job may be held back without progress, over its whole life
 * @param floorBytesPerSecond acknowledged bytes above which holding back is not charged: less than
 *     any program prints that prints much
 * @param longestHold how long a full window may hold a stream back at once before it takes the next
 *     64 KiB all the same: for ever, but for the budget, where that is longer
 */
public record WindowLimits(
    int ringBytes,
    int readBytes,
    long spoolBytes,
    Duration holdBudget,
    long floorBytesPerSecond,
    Duration longestHold) {

  /** The spool's unit: what leaves the memory at once. Divides every ring. */
  static final int SPILL_BYTES = 64 * 1024;

  /** As documented for users. */
  public static final WindowLimits DEFAULTS =
      new WindowLimits(
          16 << 20, 256 << 10, 256L << 20, Duration.ofMinutes(10), 64 << 10, Duration.ofDays(365));

  public WindowLimits {
    if (Integer.bitCount(ringBytes) != 1 || ringBytes < SPILL_BYTES) {
      throw new IllegalArgumentException(
          "ring: " + ringBytes + " bytes (expected: a power of two, >= " + SPILL_BYTES + ")");
    }
  }

  /** For many jobs at once, none of which may stand still: 64 KiB a second and more. */
  public static final WindowLimits OF_AN_AGENT =
      new WindowLimits(
          1 << 20, 64 << 10, 256L << 20, Duration.ofMinutes(10), 64 << 10, Duration.ofSeconds(1));

  public WindowLimits withSpoolBytes(long bytes) {
    return new WindowLimits(
        ringBytes, readBytes, bytes, holdBudget, floorBytesPerSecond, longestHold);
  }

  public WindowLimits withHoldBudget(Duration budget) {
    return new WindowLimits(
        ringBytes, readBytes, spoolBytes, budget, floorBytesPerSecond, longestHold);
  }
}
