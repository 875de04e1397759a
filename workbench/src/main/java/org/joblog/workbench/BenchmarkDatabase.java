package org.joblog.workbench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.joblog.ingest.store.Migrations;
import org.joblog.ingest.store.StoreSettings;
import org.joblog.ingest.store.StoreUnavailable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The database of a benchmark, durable and on this machine, and what it says of its size and work:
 * a given server, one of an installed PostgreSQL, or the embedded one. Confined to one thread.
 *
 * <p>The embedded one is the last choice: it is built without lz4, and packs what it stores several
 * times slower.
 */
final class BenchmarkDatabase implements AutoCloseable {

  private static final int ROWS_PER_COMMIT = 10_000;

  /** Work that is measured. */
  interface Work {
    void run() throws SQLException, StoreUnavailable;
  }

  private static final String DATABASE = "joblog_bench";
  private static final String SUPERUSER = "postgres";

  /** {@code host:port/database}. */
  private final String place;

  private final Connection connection;
  private final AutoCloseable server;
  private final BackendTime backends;

  private BenchmarkDatabase(String place, AutoCloseable server) throws SQLException {
    this.place = place;
    this.server = server;
    this.connection = connect(SUPERUSER);
    this.backends = new BackendTime(place.substring(place.indexOf('/') + 1));
  }

  /** Starts a server of the installed PostgreSQL if there is one, else the embedded one. */
  static BenchmarkDatabase own(Path folder) throws IOException, SQLException {
    Optional<InstalledPostgres> installed = InstalledPostgres.start();
    return installed.isPresent()
        ? on(installed.get().address(), installed.get())
        : embedded(folder);
  }

  /** Nothing of an earlier run is left. */
  private static BenchmarkDatabase embedded(Path folder) throws IOException, SQLException {
    delete(folder.resolve("data"));
    DemoDatabase database = DemoDatabase.startDurable(folder);
    database.prepare();
    return new BenchmarkDatabase("localhost:" + database.port() + "/joblog", database);
  }

  /**
   * Takes a server that runs; a database {@code joblog_bench} of an earlier run is dropped.
   *
   * @param address {@code host:port}, where a superuser {@code postgres} and the roles of joblog
   *     need no password
   */
  static BenchmarkDatabase given(String address) throws IOException, SQLException {
    return on(address, () -> {});
  }

  private static BenchmarkDatabase on(String address, AutoCloseable server)
      throws IOException, SQLException {
    try (Connection connection = connect(address + "/postgres", SUPERUSER);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + DATABASE);
      statement.execute("CREATE DATABASE " + DATABASE);
    }
    BenchmarkDatabase database = new BenchmarkDatabase(address + "/" + DATABASE, server);
    database.execute(DemoDatabase.roles());
    Migrations.migrate(new StoreSettings(database.url(), "joblog_owner", ""));
    return database;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The database for JDBC, without a role. */
  String url() {
    return jdbc(place);
  }

  /** The database for psql, as superuser. */
  String psqlUrl() {
    return "postgresql://" + SUPERUSER + "@" + place;
  }

  StoreSettings writer() {
    return new StoreSettings(url(), "joblog_writer", "");
  }

  /** A connection as superuser, for all that is not measured as a viewer. */
  Connection connection() {
    return connection;
  }

  /** A connection as viewers have it, with the settings of their role. */
  Connection connectAsReader() throws SQLException {
    return connect("joblog_reader");
  }

  private Connection connect(String role) throws SQLException {
    return connect(place, role);
  }

  private static Connection connect(String place, String role) throws SQLException {
    return DriverManager.getConnection(jdbc(place), role, "");
  }

  private static String jdbc(String place) {
    return "jdbc:postgresql://" + place;
  }

  /** Runs the work between two checkpoints and says what it cost. */
  Measurement measure(List<String> tables, long things, Work work) throws SQLException {
    execute("CHECKPOINT");
    long disk = diskBytes(tables);
    long wal = number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
    double cpu = backends.seconds();
    long start = System.nanoTime();
    try {
      work.run();
    } catch (StoreUnavailable e) {
      throw new IllegalStateException("the database went away in a benchmark", e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = backends.seconds() - cpu;
    long walAfter = number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
    return new Measurement(things, seconds, cpuSeconds, diskBytes(tables) - disk, walAfter - wal);
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

  private long diskBytes(List<String> tables) throws SQLException {
    long bytes = 0;
    for (String table : tables) {
      bytes += diskBytes(table);
    }
    return bytes;
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
    return Long.parseLong(value(sql));
  }

  /** The first column of the first row. */
  String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    try (server;
        connection) {
      return;
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
