package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The steps of upkeep, each in a transaction of its own. Immutable. */
final class Upkeep {

  /** Longer than any batch waits for its answer: nobody can ask about an older token. */
  private static final String FORGET_TOKENS =
      "DELETE FROM joblog.commit_token WHERE committed_at < now() - interval '30 days'";

  private final UpkeepLimits limits;

  Upkeep(UpkeepLimits limits) {
    this.limits = limits;
  }

  int createPartitions(Connection connection) throws SQLException {
    return call(connection, "SELECT joblog.create_partitions(?)", limits.weeksAhead());
  }

  int dropPartitions(Connection connection) throws SQLException {
    if (limits.retention().isZero()) {
      return 0;
    }
    return call(
        connection,
        "SELECT joblog.drop_partitions(make_interval(secs => ?))",
        limits.retention().toSeconds());
  }

  int removeJobs(Connection connection) throws SQLException {
    return call(connection, "SELECT joblog.remove_empty_jobs(?)", limits.removedJobs());
  }

  int compact(Connection connection) throws SQLException {
    return call(
        connection,
        "SELECT joblog.compact(make_interval(secs => ?), ?, ?)",
        limits.compactionQuiet().toSeconds(),
        limits.compactionStreams(),
        limits.compactionBytes());
  }

  int forgetTokens(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(FORGET_TOKENS);
    }
  }

  private static int call(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
