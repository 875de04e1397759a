package org.joblog.ingest.console;

/**
 * Bounds of one console. Immutable.
 *
 * @param windowRows rows that can still change, 1 to 1000; 100 holds the nested bars of a node's
 *     workers, and programs on a pipe assume no more
 * @param rowBytes longest row in bytes of UTF-8 and in cells; 1 MiB is longer than any record seen,
 *     and what is cut is told
 * @param windowBytes bound on the memory of all rows of the window together; the top rows become
 *     final early beyond it, so that a window of long rows cannot hold 100 MiB
 * @param segmentBytes longest command or object that is seen: several times what metadata draws
 *     graphs of, so that a larger object is still found, kept in the table and told of
 * @param openLineBytes longest open line of a hidden stream that is read again after a crash: a
 *     segment and its line end, because longer ones are neither command nor object
 * @param colours whether rows carry their colours beside their text
 */
public record ConsoleLimits(
    int windowRows,
    int rowBytes,
    int windowBytes,
    int segmentBytes,
    int openLineBytes,
    boolean colours) {

  /** What the server uses unless it is told otherwise. */
  public static final ConsoleLimits DEFAULTS =
      new ConsoleLimits(100, 1 << 20, 4 << 20, 256 << 10, (256 << 10) + 2, true);

  /** Checks the bounds. */
  public ConsoleLimits {
    if (windowRows < 1 || windowRows > 1000) {
      throw new IllegalArgumentException("window rows: " + windowRows + " (expected: 1 to 1000)");
    }
    if (rowBytes < 16 || rowBytes > 1 << 26) {
      throw new IllegalArgumentException("row bytes: " + rowBytes + " (expected: 16 to 64 MiB)");
    }
  }

  /** These limits with another height of the window, for streams that come from a terminal. */
  public ConsoleLimits withWindowRows(int rows) {
    return new ConsoleLimits(rows, rowBytes, windowBytes, segmentBytes, openLineBytes, colours);
  }

  /** These limits with another longest row. */
  public ConsoleLimits withRowBytes(int bytes) {
    return new ConsoleLimits(windowRows, bytes, windowBytes, segmentBytes, openLineBytes, colours);
  }

  /** These limits with colours kept or not. */
  public ConsoleLimits withColours(boolean kept) {
    return new ConsoleLimits(windowRows, rowBytes, windowBytes, segmentBytes, openLineBytes, kept);
  }
}
