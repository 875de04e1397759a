package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.batch.Event;

/** Writes events, and finds those that must not be told twice. Immutable. */
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

  /** There are five caps; with other limits the words differ. An index has these events alone. */
  private static final String CAP_NOTICES =
      """
      SELECT DISTINCT message FROM joblog.event
      WHERE job_key = ? AND kind = 'metadata_cap' LIMIT 100
      """;

  /** What the user of a job has been told about caps on metadata. */
  List<String> capNotices(Connection connection, long jobKey) throws SQLException {
    List<String> notices = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(CAP_NOTICES)) {
      select.setLong(1, jobKey);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          notices.add(row.getString(1));
        }
      }
    }
    return notices;
  }

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
