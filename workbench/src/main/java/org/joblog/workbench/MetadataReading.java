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

  /** Prints the table, of a job {@code large} with so many records. */
  void print(int count) throws SQLException {
    out.printf("%nqueries on a job of %,d records of 10 numbers          median ms%n", count);
    time("choose X", "SELECT jobs.metadata_x('large')");
    time("newest 500 records", "SELECT * FROM jobs.metadata_records('large', 500)");
    time("latest value of each key", "SELECT * FROM jobs.metadata_latest('large')");
    byX("a key by X, 1,000 buckets", "'step', ARRAY['loss'], 'last', 3000");
    time(
        "a key by time, 1,000 buckets",
        "SELECT * FROM jobs.metadata_by_time('large', ARRAY['loss'], points => 3000)");
    for (String sameX : new String[] {"last", "mean", "spread"}) {
      byX("X: epoch of 2,500 records, " + sameX, "'epoch', ARRAY['loss'], '" + sameX + "', 3000");
    }
    for (String sameX : new String[] {"last", "mean", "spread"}) {
      byX("X: equal in 8 records, " + sameX, "'rank_step', ARRAY['loss'], '" + sameX + "', 3000");
    }
    for (String sameX : new String[] {"last", "mean", "spread"}) {
      byX("X: in no order, " + sameX, "'speed', ARRAY['loss'], '" + sameX + "', 3000");
    }
    time("all keys by X, 1,000 points each", "SELECT * FROM jobs.metadata_by_x('large', 'step')");
  }

  private void byX(String name, String arguments) throws SQLException {
    time(name, "SELECT * FROM jobs.metadata_by_x('large', " + arguments + ")");
  }

  private void time(String name, String sql) throws SQLException {
    double[] millis = new double[REPETITIONS];
    try (PreparedStatement query = reader.prepareStatement(sql)) {
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
