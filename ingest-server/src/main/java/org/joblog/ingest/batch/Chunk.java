package org.joblog.ingest.batch;

import java.util.List;

/**
 * Consecutive lines of one stream. Immutable; the arrays are handed over and not touched again.
 *
 * <p>Times are run-length encoded, because all lines of one read share one time: the first {@code
 * runLines[0]} lines were printed at {@code firstAt + runMicros[0]} and so on.
 *
 * @param firstLine number of the first line, from 0
 * @param lines how many lines, at least 1
 * @param text the lines in valid UTF-8 without NUL, separated (not ended) by LF
 * @param firstAtMicros earliest time, microseconds since the epoch
 * @param lastAtMicros latest time, microseconds since the epoch
 * @param runLines lengths of the runs, each at least 1, their sum is {@code lines}
 * @param runMicros microseconds of each run since {@code firstAtMicros}, 0 or more
 * @param marks what is special about single lines, in the order of their index; most lines have
 *     none
 */
public record Chunk(
    long firstLine,
    int lines,
    byte[] text,
    long firstAtMicros,
    long lastAtMicros,
    int[] runLines,
    long[] runMicros,
    List<Mark> marks) {

  public Chunk {
    marks = List.copyOf(marks);
  }
}
