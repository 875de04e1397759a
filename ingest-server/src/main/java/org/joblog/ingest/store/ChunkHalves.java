package org.joblog.ingest.store;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.Mark;

/** Cuts a chunk that the database refused, to find the line that is to blame. Immutable. */
final class ChunkHalves {

  private ChunkHalves() {}

  /** The two halves of a chunk of at least two lines. */
  static List<Chunk> of(Chunk chunk) {
    int middle = chunk.lines() / 2;
    return List.of(part(chunk, 0, middle), part(chunk, middle, chunk.lines()));
  }

  private static Chunk part(Chunk chunk, int from, int to) {
    long[] times = Arrays.copyOfRange(timesOfLines(chunk), from, to);
    long first = Arrays.stream(times).min().orElse(chunk.firstAtMicros());
    long last = Arrays.stream(times).max().orElse(chunk.firstAtMicros());
    int[] runLines = new int[times.length];
    Arrays.fill(runLines, 1);
    return new Chunk(
        chunk.firstLine() + from,
        to - from,
        text(chunk.text(), from, to),
        first,
        last,
        runLines,
        Arrays.stream(times).map(time -> time - first).toArray(),
        marks(chunk, from, to).toList());
  }

  private static long[] timesOfLines(Chunk chunk) {
    long[] times = new long[chunk.lines()];
    int line = 0;
    for (int run = 0; run < chunk.runLines().length; run++) {
      int end = Math.min(times.length, line + chunk.runLines()[run]);
      Arrays.fill(times, line, end, chunk.firstAtMicros() + chunk.runMicros()[run]);
      line = end;
    }
    Arrays.fill(times, line, times.length, chunk.lastAtMicros());
    return times;
  }

  private static byte[] text(byte[] text, int fromLine, int toLine) {
    int start = startOfLine(text, fromLine);
    int end = startOfLine(text, toLine);
    // Lines are separated, not ended, by LF: what ends before another line loses one.
    boolean more = end > start && end <= text.length && text[end - 1] == '\n';
    return Arrays.copyOfRange(text, start, more ? end - 1 : end);
  }

  /** Where a line begins; after the last line, the end of the text. */
  private static int startOfLine(byte[] text, int line) {
    int at = 0;
    for (int seen = 0; seen < line; seen++) {
      while (at < text.length && text[at] != '\n') {
        at++;
      }
      if (at == text.length) {
        return at;
      }
      at++;
    }
    return at;
  }

  private static Stream<Mark> marks(Chunk chunk, int from, int to) {
    return chunk.marks().stream()
        .filter(mark -> mark.index() >= from && mark.index() < to)
        .map(mark ->
            new Mark(
                mark.index() - from,
                mark.kind(),
                mark.repeats(),
                mark.firstAtMicros(),
                mark.lastAtMicros(),
                mark.cutBytes(),
                mark.ansi()));
  }
}
