package org.joblog.ingest.batch;

import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a line besides its text. Immutable.
 *
 * @param kind what it is
 * @param atMicros when it got its last change, microseconds since the epoch
 * @param firstAtMicros for {@link LineKind#REPEAT} the time of the first repetition, else ignored
 * @param repeats for {@link LineKind#REPEAT} how many lines or blocks it stands for, else 0
 * @param cutBytes how many bytes were cut from its end, else 0
 * @param ansi the line with colours, or null
 */
public record LogLine(
    LineKind kind,
    long atMicros,
    long firstAtMicros,
    long repeats,
    long cutBytes,
    @Nullable String ansi) {

  /** A line of the given kind of which nothing more is to be told. */
  public static LogLine plain(LineKind kind, long atMicros) {
    return new LogLine(kind, atMicros, atMicros, 0, 0, null);
  }

  Mark mark(int index) {
    boolean repeat = kind == LineKind.REPEAT;
    return new Mark(
        index, kind, repeats, repeat ? firstAtMicros : 0, repeat ? atMicros : 0, cutBytes, ansi);
  }
}
