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
        (job_key, key, count, all_integers, never_decreased, never_increased,
         first_value, last_value, min_value, max_value, last_sequence)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (job_key, key) DO UPDATE SET
        count = excluded.count, all_integers = excluded.all_integers,
        never_decreased = excluded.never_decreased, never_increased = excluded.never_increased,
        first_value = excluded.first_value, last_value = excluded.last_value,
        min_value = excluded.min_value, max_value = excluded.max_value,
        last_sequence = excluded.last_sequence
      """;

  private static final String SELECT_KEYS =
      """
      SELECT key, count, all_integers, never_decreased, never_increased,
             first_value, last_value, min_value, max_value, last_sequence
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
        upsert.setBoolean(4, known.allIntegers());
        upsert.setBoolean(5, known.neverDecreased());
        upsert.setBoolean(6, known.neverIncreased());
        upsert.setDouble(7, known.first());
        upsert.setDouble(8, known.last());
        upsert.setDouble(9, known.min());
        upsert.setDouble(10, known.max());
        upsert.setLong(11, known.lastSequence());
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
                  row.getBoolean(3),
                  row.getBoolean(4),
                  row.getBoolean(5),
                  row.getDouble(6),
                  row.getDouble(7),
                  row.getDouble(8),
                  row.getDouble(9),
                  row.getLong(10)));
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
