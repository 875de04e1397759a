package org.joblog.ingest.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.store.MetadataTables.JobStatistics;
import org.jspecify.annotations.Nullable;

/** The table of metadata keys and what is known of them. Immutable. */
final class KeyStatisticsTable {

  private static final String KNOWN =
      """
      (SELECT job_key, key, count, holes, all_integers, increased, decreased, x_class,
         first_value::numeric, last_value::numeric, min_value::numeric, max_value::numeric,
         last_sequence, joblog.at(last_at) AS last_at, last_text
       FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::boolean[], ?::boolean[],
         ?::boolean[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
         ?::bigint[], ?::text[])
         AS given (job_key, key, count, holes, all_integers, increased, decreased, x_class,
           first_value, last_value, min_value, max_value, last_sequence, last_at, last_text)) known
      """;

  /** Nearly all keys are there already: an update costs a third less than an upsert. */
  private static final String UPDATE =
      """
      UPDATE joblog.metadata_key k SET
        count = known.count, holes = known.holes, all_integers = known.all_integers,
        increased = known.increased, decreased = known.decreased, x_class = known.x_class,
        first_value = known.first_value, last_value = known.last_value,
        min_value = known.min_value, max_value = known.max_value,
        last_sequence = known.last_sequence, last_at = known.last_at, last_text = known.last_text
      FROM
      """
          + KNOWN
          + "WHERE k.job_key = known.job_key AND k.key = known.key";

  private static final String INSERT =
      """
      INSERT INTO joblog.metadata_key
        (job_key, key, count, holes, all_integers, increased, decreased, x_class,
         first_value, last_value, min_value, max_value, last_sequence, last_at, last_text)
      SELECT * FROM
      """
          + KNOWN
          + "ON CONFLICT (job_key, key) DO NOTHING";

  private static final String SELECT =
      """
      SELECT key, count, holes, all_integers, increased, decreased,
             first_value, last_value, min_value, max_value, last_sequence,
             (extract(epoch FROM last_at) * 1000000)::bigint, last_text
      FROM joblog.metadata_key_now WHERE job_key = ? ORDER BY key COLLATE "C"
      """;

  void write(Connection connection, List<JobStatistics> statistics) throws SQLException {
    if (execute(connection, UPDATE, statistics) < statistics.size()) {
      execute(connection, INSERT, statistics);
    }
  }

  private static int execute(Connection connection, String sql, List<JobStatistics> statistics)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      new ArrayParameters<>(connection, statement, statistics)
          .int8(JobStatistics::jobKey)
          .text(known -> known.statistics().key())
          .int8(known -> known.statistics().count())
          .int8(known -> known.statistics().holes())
          .bool(known -> known.statistics().allIntegers())
          .bool(known -> known.statistics().increased())
          .bool(known -> known.statistics().decreased())
          .int8(known -> known.statistics().xClass().code())
          .text(known -> decimal(known.statistics().first()))
          .text(known -> decimal(known.statistics().last()))
          .text(known -> decimal(known.statistics().min()))
          .text(known -> decimal(known.statistics().max()))
          .int8(known -> known.statistics().lastSequence())
          .int8(known -> known.statistics().lastAtMicros())
          .text(known -> known.statistics().lastText());
      return statement.executeUpdate();
    }
  }

  private static @Nullable String decimal(@Nullable BigDecimal value) {
    return value == null ? null : value.toString();
  }

  List<KeyStatistics> read(Connection connection, long jobKey) throws SQLException {
    List<KeyStatistics> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setLong(1, jobKey);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(statistics(row));
        }
      }
    }
    return found;
  }

  private static KeyStatistics statistics(ResultSet row) throws SQLException {
    return new KeyStatistics(
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
        row.getString(13));
  }
}
