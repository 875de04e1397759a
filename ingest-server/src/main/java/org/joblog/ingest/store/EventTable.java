package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.joblog.ingest.batch.Event;

/** Writes events. Immutable. */
final class EventTable {

  /** An event, and of which job. */
  record Entry(long jobKey, Event event) {}

  private static final String INSERT =
      """
      INSERT INTO joblog.event (job_key, at, stream_key, after_line, kind, message, details)
      SELECT x.job_key, joblog.at(x.at), x.stream_key, x.after_line, x.kind, x.message,
        x.details::jsonb
      FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
          ?::text[]) WITH ORDINALITY
        AS x(job_key, at, stream_key, after_line, kind, message, details, place)
      ORDER BY x.place
      """;

  void write(Connection connection, List<Entry> entries) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      new ArrayParameters<>(connection, insert, entries)
          .int8(Entry::jobKey)
          .int8(row -> row.event().atMicros())
          .int8(row -> row.event().streamKey())
          .int8(row -> row.event().afterLine())
          .text(row -> row.event().kind().word())
          .text(row -> row.event().message())
          .text(row -> row.event().details());
      insert.executeUpdate();
    }
  }
}
