package org.joblog.workbench;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;

/** How long a reader waits for what the dashboards ask of metadata. Confined to one thread. */
final class MetadataReading {

  private static final int REPETITIONS = 9;

  private final PrintStream out;
  private final Connection reader;

  MetadataReading(PrintStream out, Connection reader) {
    this.out = out;
    this.reader = reader;
  }

  /** Prints the table, of jobs with so many records each. */
  void print(int count) throws SQLException {
    out.printf("%nqueries on jobs of %,d records of 10 numbers          median ms%n", count);
    for (String job : new String[] {"large", "small-commits"}) {
      out.println("job \"" + job + "\"");
      time("choose X", job, "SELECT jobs.metadata_x('JOB')");
      time("newest 500 records", job, "SELECT * FROM jobs.metadata_records('JOB', 500)");
      time("latest value of each key", job, "SELECT * FROM jobs.metadata_latest('JOB')");
      time(
          "a key by time, 1,000 buckets",
          job,
          "SELECT * FROM jobs.metadata_by_time('JOB', ARRAY['loss'], points => 3000)");
      time("all keys by X", job, "SELECT * FROM jobs.metadata_by_x('JOB', 'step')");
      byX("a key by X, 1,000 buckets", job, "step");
      byX("X: epoch of 2,500 records", job, "epoch");
      byX("X: equal in 8 records", job, "rank_step");
      byX("X: in no order", job, "speed");
    }
    byX("X: restarted", "restarted", "step");
    byX("X: two passes", "two-passes", "step");
  }

  private void byX(String name, String job, String x) throws SQLException {
    for (String sameX : new String[] {"last", "mean", "spread"}) {
      time(
          name + ", " + sameX,
          job,
          "SELECT * FROM jobs.metadata_by_x('JOB', '%s', ARRAY['loss'], '%s', 3000)"
              .formatted(x, sameX));
    }
  }

  private void time(String name, String job, String sql) throws SQLException {
    double[] millis = new double[REPETITIONS];
    try (PreparedStatement query = reader.prepareStatement(sql.replace("JOB", job))) {
      for (int i = 0; i < REPETITIONS; i++) {
        long begin = System.nanoTime();
        query.executeQuery().close();
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
    }
    Arrays.sort(millis);
    out.printf(Locale.ROOT, "%-45s %18.1f%n", name, millis[REPETITIONS / 2]);
  }
}
