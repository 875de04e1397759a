package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;

/** Reads and writes the metadata of jobs, inside a transaction of the caller. Immutable. */
final class MetadataTables {

  /** One record, and whose it is. */
  record JobRecord(long jobKey, MetadataRecord metadata) {}

  /** What is known of one key, and of whose metadata. */
  record JobStatistics(long jobKey, KeyStatistics statistics) {}

  private static final String INSERT_RECORD =
      """
      INSERT INTO joblog.metadata_record (job_key, sequence, stream_key, at, line, record)
      VALUES (?, ?, ?, joblog.at(?), ?, ?::jsonb)
      """;

  private static final String INSERT_POINT =
      """
      INSERT INTO joblog.metadata_point
        (job_key, key, sequence, stream_key, at, integer_value, value)
      VALUES (?, ?, ?, ?, joblog.at(?), ?, ?)
      """;

  private static final String UPSERT_KEY =
      """
      INSERT INTO joblog.metadata_key
        (job_key, key, count, holes, all_integers, increased, decreased, x_class,
         first_value, last_value, min_value, max_value, last_sequence, last_at, last_text)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, joblog.at(?), ?)
      ON CONFLICT (job_key, key) DO UPDATE SET
        count = excluded.count, holes = excluded.holes, all_integers = excluded.all_integers,
        increased = excluded.increased, decreased = excluded.decreased,
        x_class = excluded.x_class,
        first_value = excluded.first_value, last_value = excluded.last_value,
        min_value = excluded.min_value, max_value = excluded.max_value,
        last_sequence = excluded.last_sequence, last_at = excluded.last_at,
        last_text = excluded.last_text
      """;

  private static final String SELECT_KEYS =
      """
      SELECT key, count, holes, all_integers, increased, decreased,
             first_value, last_value, min_value, max_value, last_sequence,
             (extract(epoch FROM last_at) * 1000000)::bigint, last_text
      FROM joblog.metadata_key WHERE job_key = ? ORDER BY key COLLATE "C"
      """;

  /**
   * Writes records and their numbers.
   *
   * @throws SQLException with a state of class 22 or 23 if the database refuses one of them: the
   *     caller finds out which by offering fewer
   */
  void writeRecords(Connection connection, List<JobRecord> records) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_RECORD);
        PreparedStatement point = connection.prepareStatement(INSERT_POINT)) {
      for (JobRecord entry : records) {
        MetadataRecord metadata = entry.metadata();
        insert.setLong(1, entry.jobKey());
        insert.setLong(2, metadata.sequence());
        insert.setLong(3, metadata.streamKey());
        insert.setLong(4, metadata.atMicros());
        insert.setLong(5, metadata.line());
        insert.setString(6, metadata.json());
        insert.addBatch();
        for (NumericValue value : metadata.values()) {
          addPoint(point, entry, value);
        }
      }
      insert.executeBatch();
      point.executeBatch();
    }
  }

  private static void addPoint(PreparedStatement point, JobRecord entry, NumericValue value)
      throws SQLException {
    point.setLong(1, entry.jobKey());
    point.setString(2, value.key());
    point.setLong(3, entry.metadata().sequence());
    point.setLong(4, entry.metadata().streamKey());
    point.setLong(5, entry.metadata().atMicros());
    point.setObject(6, value.isInteger() ? value.integer() : null, java.sql.Types.BIGINT);
    point.setDouble(7, value.number());
    point.addBatch();
  }

  /** Writes the present statistics of keys; errors as in {@link #writeRecords}. */
  void writeStatistics(Connection connection, List<JobStatistics> statistics) throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(UPSERT_KEY)) {
      for (JobStatistics entry : statistics) {
        KeyStatistics known = entry.statistics();
        upsert.setLong(1, entry.jobKey());
        upsert.setString(2, known.key());
        upsert.setLong(3, known.count());
        upsert.setLong(4, known.holes());
        upsert.setBoolean(5, known.allIntegers());
        upsert.setBoolean(6, known.increased());
        upsert.setBoolean(7, known.decreased());
        upsert.setInt(8, known.xClass().code());
        upsert.setBigDecimal(9, known.first());
        upsert.setBigDecimal(10, known.last());
        upsert.setBigDecimal(11, known.min());
        upsert.setBigDecimal(12, known.max());
        upsert.setLong(13, known.lastSequence());
        upsert.setLong(14, known.lastAtMicros());
        upsert.setString(15, known.lastText());
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
  }

  /** What is known of all metadata keys of a job. */
  List<KeyStatistics> readStatistics(Connection connection, long jobKey) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT_KEYS)) {
      select.setLong(1, jobKey);
      List<KeyStatistics> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new KeyStatistics(
                  row.getString(1),
                  row.getLong(2),
                  row.getLong(3),
                  row.getBoolean(4),
                  row.getBoolean(5),
                  row.getBoolean(6),
                  row.getBigDecimal(7),
                  row.getBigDecimal(8),
                  row.getBigDecimal(9),
                  row.getBigDecimal(10),
                  row.getLong(11),
                  row.getLong(12),
                  row.getString(13)));
        }
      }
      return found;
    }
  }

  /** The sequence number that the next record of a job gets. */
  long nextSequence(Connection connection, long jobKey) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT coalesce(max(sequence) + 1, 0) FROM joblog.metadata_record WHERE job_key = ?")) {
      select.setLong(1, jobKey);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
