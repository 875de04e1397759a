package org.joblog.ingest.store;

import java.util.List;
import java.util.function.ToLongFunction;
import org.joblog.ingest.batch.Mark;
import org.jspecify.annotations.Nullable;

/**
 * The marks of a chunk as the columns of the database: parallel arrays, each null where no mark has
 * anything to say in it. Immutable; the arrays are not touched again.
 */
record MarkColumns(
    int @Nullable [] index,
    short @Nullable [] kind,
    long @Nullable [] repeats,
    long @Nullable [] firstAt,
    long @Nullable [] lastAt,
    long @Nullable [] cut,
    @Nullable String @Nullable [] ansi) {

  private static final MarkColumns NONE = new MarkColumns(null, null, null, null, null, null, null);

  static MarkColumns of(List<Mark> marks) {
    if (marks.isEmpty()) {
      return NONE;
    }
    int[] index = new int[marks.size()];
    short[] kind = new short[marks.size()];
    for (int i = 0; i < index.length; i++) {
      index[i] = marks.get(i).index();
      kind[i] = (short) marks.get(i).kind().code();
    }
    return new MarkColumns(
        index,
        kind,
        column(marks, Mark::repeats),
        column(marks, Mark::firstAtMicros),
        column(marks, Mark::lastAtMicros),
        column(marks, Mark::cutBytes),
        ansi(marks));
  }

  private static long @Nullable [] column(List<Mark> marks, ToLongFunction<Mark> value) {
    boolean used = marks.stream().anyMatch(mark -> value.applyAsLong(mark) != 0);
    return used ? marks.stream().mapToLong(value).toArray() : null;
  }

  private static @Nullable String @Nullable [] ansi(List<Mark> marks) {
    boolean used = marks.stream().anyMatch(mark -> mark.ansi() != null);
    return used ? marks.stream().map(Mark::ansi).toArray(String[]::new) : null;
  }
}
