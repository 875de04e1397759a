package org.joblog.workbench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How long a reader waits for what a dashboard asks. Confined to one thread. */
final class StoreReading {

  private static final int REPEATS = 5;

  private final BenchmarkDatabase database;

  StoreReading(BenchmarkDatabase database) {
    this.database = database;
  }

  void print(String job) throws SQLException {
    database.execute("VACUUM ANALYZE");
    System.out.printf(
        "reading a job of %,d lines, warm, best of %d:%n",
        database.number("SELECT lines FROM jobs.job WHERE job = '" + job + "'"), REPEATS);
    try (Connection reader = database.connectAsReader()) {
      String call = "SELECT body FROM jobs.log_lines('" + job + "'";
      print(reader, "newest 500 lines", call + ", newest => 500)");
      print(reader, "newest 10,000 lines", call + ", newest => 10000)");
      print(
          reader,
          "newest 1,000 lines of a range of time",
          call
              + ", until => (SELECT to_timestamp((extract(epoch FROM min(first_at))"
              + " + extract(epoch FROM max(last_at))) / 2) FROM jobs.stream s"
              + " WHERE s.job_key = jobs.job_key('"
              + job
              + "')))");
      print(reader, "search without a hit", call + ", search => 'no such words')");
      print(
          reader,
          "1,000 lines of a stream by number",
          "SELECT l.text FROM jobs.stream s, jobs.stream_lines('%1$s', s.stream_key, s.lines / 2) l"
                  .formatted(job)
              + " WHERE s.job_key = jobs.job_key('"
              + job
              + "')");
      print(reader, "100 newest jobs", "SELECT job, state, lines FROM jobs.job_list(100)");
    }
  }

  private static void print(Connection reader, String name, String query) throws SQLException {
    double best = Double.MAX_VALUE;
    long rows = 0;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      rows = 0;
      try (Statement statement = reader.createStatement();
          ResultSet result = statement.executeQuery(query)) {
        while (result.next()) {
          rows++;
        }
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e6);
    }
    System.out.printf("  %-40s %8.1f ms %8d rows%n", name, best, rows);
  }
}
