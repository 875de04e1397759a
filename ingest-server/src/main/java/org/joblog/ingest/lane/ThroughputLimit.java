package org.joblog.ingest.lane;

/**
 * How much one job may print before it is slowed. Immutable.
 *
 * @param bytesPerSecond sustained bytes a second, from 1
 * @param linesPerSecond sustained lines a second, from 1
 * @param burstBytes bytes that may come at once, from 1
 * @param burstLines lines that may come at once, from 1
 */
public record ThroughputLimit(
    long bytesPerSecond, long linesPerSecond, long burstBytes, long burstLines) {

  /**
   * Generous: a person reads 20 lines a second, a busy training job prints 100. Ten seconds of
   * burst let the longest traceback or configuration dump through unhindered.
   */
  public static final ThroughputLimit DEFAULT =
      new ThroughputLimit(16L << 20, 100_000, 160L << 20, 1_000_000);

  public ThroughputLimit {
    require("bytes a second", bytesPerSecond);
    require("lines a second", linesPerSecond);
    require("bytes of burst", burstBytes);
    require("lines of burst", burstLines);
  }

  private static void require(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: >= 1)");
    }
  }
}
