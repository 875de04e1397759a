package org.joblog.workbench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A viewer that asks for the newest lines again and again. The lines are the times when they were
 * printed, in nanoseconds since the epoch. Confined to one thread.
 */
final class LinesSeen {

  private static final int POLL_MILLIS = 10;

  private final Connection connection;
  private final String job;
  private long newest;

  LinesSeen(Connection connection, String job) {
    this.connection = connection;
    this.job = job;
  }

  /** Until the command ends, adds for each line how many milliseconds it took to be seen. */
  void watch(Process command, List<Double> millis) throws SQLException, InterruptedException {
    try (PreparedStatement ask =
        connection.prepareStatement(
            "SELECT text FROM jobs.log_lines(?, newest => 5) WHERE kind = 'text'")) {
      ask.setString(1, job);
      do {
        look(ask, millis);
      } while (!command.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS));
      look(ask, millis);
    }
  }

  private void look(PreparedStatement ask, List<Double> millis) throws SQLException {
    try (ResultSet row = ask.executeQuery()) {
      Instant now = Instant.now();
      while (row.next()) {
        long printed = Long.parseLong(row.getString(1));
        if (printed > newest) {
          newest = printed;
          millis.add((now.getEpochSecond() * 1e9 + now.getNano() - printed) / 1e6);
        }
      }
    }
  }
}
