package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.jspecify.annotations.Nullable;

/**
 * The rows of streams: ownership, offset, checkpoint and screen. Immutable.
 *
 * <p>All streams of a batch are updated by one statement. A large column that a batch leaves as it
 * is ({@code checkpoint}, {@code base}) is assigned to itself: PostgreSQL then keeps what lies
 * outside the row where it is.
 */
final class StreamTable {

  /** What a batch does to one stream, and whose it is. */
  record Entry(long jobKey, StreamBatch batch) {

    @Nullable Screen screen() {
      return batch.screen();
    }

    @Nullable Chunk base() {
      return screen() == null ? null : screen().base();
    }

    @Nullable Chunk tail() {
      return screen() == null ? null : screen().tail();
    }

    /** The parts of the screen that are written. */
    Stream<Chunk> onScreen() {
      return Stream.concat(Stream.ofNullable(base()), Stream.ofNullable(tail()));
    }

    /** All lines that are written. */
    Stream<Chunk> shown() {
      return Stream.concat(batch.chunks().stream(), onScreen());
    }
  }

  private static final String OPEN =
      """
      INSERT INTO joblog.stream (job_key, step, node, task, kind, source, owner)
      SELECT job_key, ?, ?, ?, ?, ?, nextval('joblog.owner') FROM joblog.job WHERE job_key = ?
      ON CONFLICT (node, job_key, step, task, kind, source) DO UPDATE SET owner = excluded.owner
      RETURNING stream_key, owner, committed_offset, checkpoint, journal, scrollback_end, ended
      """;

  private static final String AWAIT_COMPACTION =
      """
      INSERT INTO joblog.compaction (job_key, stream_key) VALUES (?, ?) ON CONFLICT DO NOTHING
      """;

  private static final String PART =
      """
      CASE WHEN x.%1$s_lines IS NOT NULL THEN ROW(
        x.%1$s_first_line, x.%1$s_lines, joblog.at(x.%1$s_first_at), joblog.at(x.%1$s_last_at),
        convert_from(x.%1$s_body, 'UTF8'), x.%1$s_run_lines::int[], x.%1$s_run_micros::bigint[],
        x.%1$s_mark_index::int[], x.%1$s_mark_kind::smallint[], x.%1$s_mark_repeats::bigint[],
        x.%1$s_mark_first_at::bigint[], x.%1$s_mark_last_at::bigint[],
        x.%1$s_mark_cut::bigint[], x.%1$s_mark_ansi::text[])::joblog.lines\
      """;

  private static final String PART_COLUMNS =
      """
      %1$s_first_line, %1$s_lines, %1$s_first_at, %1$s_last_at, %1$s_body, %1$s_run_lines,
      %1$s_run_micros, %1$s_mark_index, %1$s_mark_kind, %1$s_mark_repeats, %1$s_mark_first_at,
      %1$s_mark_last_at, %1$s_mark_cut, %1$s_mark_ansi\
      """;

  private static final String UPDATE =
      """
      UPDATE joblog.stream s SET
        committed_offset = x.committed_offset,
        committed_at = greatest(s.committed_at, now()),
        bytes = x.bytes,
        ended = s.ended OR x.ended,
        first_at = least(s.first_at, joblog.at(x.first_at)),
        last_at = greatest(s.last_at, joblog.at(x.last_at)),
        scrollback_end = x.scrollback_end,
        lines = greatest(x.scrollback_end, CASE
          WHEN NOT x.has_screen THEN s.lines
          WHEN x.tail_lines IS NOT NULL THEN x.tail_first_line + x.tail_lines
          WHEN x.keep > 0 THEN coalesce(x.base_first_line, s.base_first_line) + x.keep END),
        base_first_line = coalesce(x.base_first_line, s.base_first_line),
        base_keep = CASE WHEN x.has_screen THEN x.keep ELSE s.base_keep END,
        journal = x.journal,
        checkpoint = coalesce(x.checkpoint, s.checkpoint),
        base = %s WHEN x.has_screen AND x.keep = 0 THEN NULL ELSE s.base END,
        tail = %s WHEN x.has_screen THEN NULL ELSE s.tail END
      FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[],
          ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[], ?::boolean[], ?::bigint[],
          %s, %s)
        AS x(job_key, stream_key, owner, committed_offset, bytes, ended, first_at, last_at,
          scrollback_end, journal, checkpoint, has_screen, keep, %s, %s)
      WHERE s.job_key = x.job_key AND s.stream_key = x.stream_key AND s.owner = x.owner
        AND s.committed_offset <= x.committed_offset
      RETURNING s.stream_key
      """
          .formatted(
              PART.formatted("base"),
              PART.formatted("tail"),
              partTypes(),
              partTypes(),
              PART_COLUMNS.formatted("base"),
              PART_COLUMNS.formatted("tail"));

  private static final String OWNED =
      """
      SELECT s.stream_key
      FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS x(job_key, stream_key, owner)
      JOIN joblog.stream s
        ON s.job_key = x.job_key AND s.stream_key = x.stream_key AND s.owner = x.owner
      """;

  private static String partTypes() {
    return "?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[]"
        + ", ?::text[]".repeat(9);
  }

  /**
   * Finds or creates a stream and makes the caller its owner.
   *
   * @throws IllegalArgumentException if there is no such job (any more)
   */
  OpenedStream open(Connection connection, long jobKey, StreamIdentity identity)
      throws SQLException {
    try (PreparedStatement open = connection.prepareStatement(OPEN)) {
      open.setLong(1, identity.step());
      open.setString(2, CleanText.of(identity.node(), CleanText.NAME_LENGTH));
      open.setInt(3, identity.task());
      open.setInt(4, identity.kind().code());
      open.setLong(5, identity.source());
      open.setLong(6, jobKey);
      try (ResultSet row = open.executeQuery()) {
        if (!row.next()) {
          throw new IllegalArgumentException("job key: " + jobKey + " (expected: a stored job)");
        }
        awaitCompaction(connection, jobKey, row.getLong(1));
        return new OpenedStream(
            row.getLong(1),
            row.getLong(2),
            row.getLong(3),
            row.getBytes(4),
            row.getBytes(5),
            row.getLong(6),
            row.getBoolean(7));
      }
    }
  }

  private static void awaitCompaction(Connection connection, long jobKey, long streamKey)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(AWAIT_COMPACTION)) {
      insert.setLong(1, jobKey);
      insert.setLong(2, streamKey);
      insert.executeUpdate();
    }
  }

  /**
   * Updates the streams that their owners still own.
   *
   * @return the keys of those: the others are not touched
   */
  Set<Long> update(Connection connection, List<Entry> entries) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      ArrayParameters<Entry> rows = new ArrayParameters<>(connection, update, entries);
      rows.int8(Entry::jobKey)
          .int8(row -> row.batch().streamKey())
          .int8(row -> row.batch().owner())
          .int8(row -> row.batch().offset())
          .int8(row -> row.batch().bytes())
          .bool(row -> row.batch().ended())
          .nullableInt8(StreamTable::firstAt)
          .nullableInt8(StreamTable::lastAt)
          .int8(row -> row.batch().scrollbackEnd())
          .bytes(row -> row.batch().journal())
          .bytes(row -> row.batch().checkpoint())
          .bool(row -> row.screen() != null)
          .int8(row -> row.screen() == null ? 0 : row.screen().keep());
      setPart(rows, Entry::base);
      setPart(rows, Entry::tail);
      return keys(update);
    }
  }

  /** Keys of those of the streams that their owners still own. */
  Set<Long> owned(Connection connection, List<Entry> entries) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OWNED)) {
      new ArrayParameters<>(connection, select, entries)
          .int8(Entry::jobKey)
          .int8(row -> row.batch().streamKey())
          .int8(row -> row.batch().owner());
      return keys(select);
    }
  }

  private static Set<Long> keys(PreparedStatement statement) throws SQLException {
    Set<Long> keys = new HashSet<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        keys.add(row.getLong(1));
      }
    }
    return keys;
  }

  private static @Nullable Long firstAt(Entry row) {
    return row.shown().map(Chunk::firstAtMicros).min(Long::compare).orElse(null);
  }

  private static @Nullable Long lastAt(Entry row) {
    return row.shown().map(Chunk::lastAtMicros).max(Long::compare).orElse(null);
  }

  private static void setPart(ArrayParameters<Entry> rows, Function<Entry, @Nullable Chunk> part)
      throws SQLException {
    rows.nullableInt8(ifPresent(part, Chunk::firstLine))
        .nullableInt8(ifPresent(part, chunk -> (long) chunk.lines()))
        .nullableInt8(ifPresent(part, Chunk::firstAtMicros))
        .nullableInt8(ifPresent(part, Chunk::lastAtMicros))
        .bytes(ifPresent(part, Chunk::text))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(chunk.runLines())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(chunk.runMicros())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(MarkColumns.of(chunk.marks()).index())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(MarkColumns.of(chunk.marks()).kind())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(MarkColumns.of(chunk.marks()).repeats())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(MarkColumns.of(chunk.marks()).firstAt())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(MarkColumns.of(chunk.marks()).lastAt())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(MarkColumns.of(chunk.marks()).cut())))
        .text(ifPresent(part, chunk -> ArrayLiteral.of(MarkColumns.of(chunk.marks()).ansi())));
  }

  private static <V> Function<Entry, @Nullable V> ifPresent(
      Function<Entry, @Nullable Chunk> part, Function<Chunk, @Nullable V> value) {
    return row -> {
      Chunk chunk = part.apply(row);
      return chunk == null ? null : value.apply(chunk);
    };
  }
}
