package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.joblog.ingest.batch.Chunk;

/** Writes chunks by binary COPY. Immutable. */
final class ChunkTable {

  /** A chunk, and where it belongs. */
  record Entry(long jobKey, long streamKey, Chunk chunk) {}

  private static final String COLUMNS =
      """
      joblog.chunk (job_key, stream_key, first_line, lines, first_at, last_at, body,
        run_lines, run_micros, mark_index, mark_kind, mark_repeats, mark_first_at, mark_last_at,
        mark_cut, mark_ansi)\
      """;

  private static final int COLUMN_COUNT = 16;

  void write(Connection connection, List<Entry> entries) throws SQLException {
    try (BinaryCopy copy = BinaryCopy.into(connection, COLUMNS)) {
      for (Entry entry : entries) {
        write(copy, entry);
      }
      copy.finish();
    }
  }

  private static void write(BinaryCopy copy, Entry entry) throws SQLException {
    Chunk chunk = entry.chunk();
    copy.row(COLUMN_COUNT);
    copy.int8(entry.jobKey());
    copy.int8(entry.streamKey());
    copy.int8(chunk.firstLine());
    copy.int4(chunk.lines());
    copy.time(chunk.firstAtMicros());
    copy.time(chunk.lastAtMicros());
    copy.text(chunk.text());
    boolean oneTime = chunk.firstAtMicros() == chunk.lastAtMicros();
    copy.int4s(oneTime ? null : chunk.runLines());
    copy.int8s(oneTime ? null : chunk.runMicros());
    MarkColumns marks = MarkColumns.of(chunk.marks());
    copy.int4s(marks.index());
    copy.int2s(marks.kind());
    copy.int8s(marks.repeats());
    copy.int8s(marks.firstAt());
    copy.int8s(marks.lastAt());
    copy.int8s(marks.cut());
    copy.texts(marks.ansi());
  }
}
