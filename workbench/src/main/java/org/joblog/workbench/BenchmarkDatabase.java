package org.joblog.workbench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.joblog.ingest.store.StoreSettings;
import org.joblog.ingest.store.StoreUnavailable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The database of a benchmark and what it says of its size: durable, on this machine, kept in a
 * folder. Confined to one thread.
 */
final class BenchmarkDatabase implements AutoCloseable {

  private static final int ROWS_PER_COMMIT = 10_000;

  /** Work that is measured. */
  interface Work {
    void run() throws SQLException, StoreUnavailable;
  }

  private final DemoDatabase database;
  private final Connection connection;

  private BenchmarkDatabase(DemoDatabase database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /** Starts a server with the tables of joblog, empty of the jobs of an earlier run. */
  static BenchmarkDatabase start(Path folder) throws IOException, SQLException {
    DemoDatabase database = DemoDatabase.startDurable(folder);
    database.prepare();
    BenchmarkDatabase started = new BenchmarkDatabase(database, database.connectAsSuperuser());
    started.execute("TRUNCATE joblog.job, joblog.stream, joblog.chunk, joblog.compaction");
    return started;
  }

  StoreSettings writer() {
    return new StoreSettings(database.url(), "joblog_writer", "");
  }

  Connection connection() {
    return connection;
  }

  /** Runs the work between two checkpoints and says what it cost. */
  Measurement measure(String table, long things, Work work) throws SQLException {
    execute("CHECKPOINT");
    long disk = diskBytes(table);
    long wal = number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
    long start = System.nanoTime();
    try {
      work.run();
    } catch (StoreUnavailable e) {
      throw new IllegalStateException("the database went away in a benchmark", e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long walAfter = number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
    return new Measurement(things, seconds, diskBytes(table) - disk, walAfter - wal);
  }

  /** A new table for {@link #copyRows}. */
  void createRowTable(String table) throws SQLException {
    execute("DROP TABLE IF EXISTS " + table);
    execute(
        "CREATE TABLE %s (job bigint, line bigint, at timestamptz, text text, PRIMARY KEY (job, line))"
            .formatted(table));
  }

  /** The reference: a row per line, by COPY as psql does it, so many rows a commit. */
  void copyRows(String table, BenchmarkLines source, int lines) throws SQLException {
    for (int line = 0; line < lines; line += ROWS_PER_COMMIT) {
      CopyIn copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("COPY " + table + " FROM STDIN");
      StringBuilder rows = new StringBuilder(ROWS_PER_COMMIT * 120);
      for (int i = 0; i < ROWS_PER_COMMIT; i++) {
        rows.append("1\t").append(line + i).append("\t2026-11-22 12:00:00Z\t");
        rows.append(new String(source.next(), StandardCharsets.US_ASCII)).append('\n');
      }
      byte[] bytes = rows.toString().getBytes(StandardCharsets.US_ASCII);
      copy.writeToCopy(bytes, 0, bytes.length);
      copy.endCopy();
    }
  }

  /** Bytes of a table, all its partitions, indexes and outlying values. */
  private long diskBytes(String table) throws SQLException {
    return number(
        """
        SELECT pg_total_relation_size('%1$s')
          + (SELECT coalesce(sum(pg_total_relation_size(t.relid)), 0)
             FROM pg_partition_tree('%1$s') t WHERE t.isleaf AND t.level > 0)
        """
            .formatted(table));
  }

  double bytesPerStoredLine() throws SQLException {
    return (double) diskBytes("joblog.chunk") / number("SELECT sum(lines) FROM joblog.chunk");
  }

  /** All updates of stream rows so far, and those that touched no index. */
  long[] updatesOfStreams() throws SQLException {
    execute("SELECT pg_stat_force_next_flush()");
    String counters = "SELECT %s FROM pg_stat_user_tables WHERE relid = 'joblog.stream'::regclass";
    return new long[] {
      number(counters.formatted("n_tup_upd")), number(counters.formatted("n_tup_hot_upd"))
    };
  }

  long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      database.close();
    }
  }
}
