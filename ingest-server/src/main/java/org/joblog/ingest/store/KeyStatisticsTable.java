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

  private static final String UPSERT =
      """
      INSERT INTO joblog.metadata_key
        (job_key, key, count, holes, all_integers, increased, decreased, x_class,
         first_value, last_value, min_value, max_value, last_sequence, last_at, last_text)
      SELECT job_key, key, count, holes, all_integers, increased, decreased, x_class,
         first_value::numeric, last_value::numeric, min_value::numeric, max_value::numeric,
         last_sequence, joblog.at(last_at), last_text
      FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::boolean[], ?::boolean[],
         ?::boolean[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
         ?::bigint[], ?::text[])
         AS known (job_key, key, count, holes, all_integers, increased, decreased, x_class,
           first_value, last_value, min_value, max_value, last_sequence, last_at, last_text)
      ON CONFLICT (job_key, key) DO UPDATE SET
        count = excluded.count, holes = excluded.holes, all_integers = excluded.all_integers,
        increased = excluded.increased, decreased = excluded.decreased,
        x_class = excluded.x_class,
        first_value = excluded.first_value, last_value = excluded.last_value,
        min_value = excluded.min_value, max_value = excluded.max_value,
        last_sequence = excluded.last_sequence, last_at = excluded.last_at,
        last_text = excluded.last_text
      """;

  private static final String SELECT =
      """
      SELECT key, count, holes, all_integers, increased, decreased,
             first_value, last_value, min_value, max_value, last_sequence,
             (extract(epoch FROM last_at) * 1000000)::bigint, last_text
      FROM joblog.metadata_key WHERE job_key = ? ORDER BY key COLLATE "C"
      """;

  void write(Connection connection, List<JobStatistics> statistics) throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
      new ArrayParameters<>(connection, upsert, statistics)
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
      upsert.executeUpdate();
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
