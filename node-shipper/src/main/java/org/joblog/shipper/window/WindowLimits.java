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
 */
public record WindowLimits(
    int ringBytes, int readBytes, long spoolBytes, Duration holdBudget, long floorBytesPerSecond) {

  /** The spool's unit: what leaves the memory at once. Divides every ring. */
  static final int SPILL_BYTES = 64 * 1024;

  /** As documented for users. */
  public static final WindowLimits DEFAULTS =
      new WindowLimits(16 << 20, 256 << 10, 256L << 20, Duration.ofMinutes(10), 64 << 10);

  public WindowLimits {
    if (Integer.bitCount(ringBytes) != 1 || ringBytes < SPILL_BYTES) {
      throw new IllegalArgumentException(
          "ring: " + ringBytes + " bytes (expected: a power of two, >= " + SPILL_BYTES + ")");
    }
  }

  public WindowLimits withSpoolBytes(long bytes) {
    return new WindowLimits(ringBytes, readBytes, bytes, holdBudget, floorBytesPerSecond);
  }

  public WindowLimits withHoldBudget(Duration budget) {
    return new WindowLimits(ringBytes, readBytes, spoolBytes, budget, floorBytesPerSecond);
  }
}
