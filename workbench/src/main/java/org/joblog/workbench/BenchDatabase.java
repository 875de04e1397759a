package org.joblog.workbench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.joblog.ingest.store.Migrations;
import org.joblog.ingest.store.StoreSettings;

/** A durable PostgreSQL for a benchmark, with the tables of joblog. Confined to one thread. */
final class BenchDatabase implements AutoCloseable {

  private final int port;
  private final Closeable server;

  private BenchDatabase(int port, Closeable server) {
    this.port = port;
    this.server = server;
  }

  /** One that runs on this machine, with a superuser {@code postgres} who needs no password. */
  static BenchDatabase running(int port) throws IOException, SQLException {
    BenchDatabase database = new BenchDatabase(port, () -> {});
    database.prepare();
    return database;
  }

  /** Starts it in a folder that is not there yet. */
  static BenchDatabase start(Path folder) throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "4GB")
            .start();
    BenchDatabase database = new BenchDatabase(server.getPort(), server);
    database.prepare();
    return database;
  }

  private void prepare() throws IOException, SQLException {
    execute(roles());
    Migrations.migrate(new StoreSettings(url(), "joblog_owner", ""));
  }

  private static String roles() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(BenchDatabase.class.getResourceAsStream("/postgresql/roles.sql"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The database for JDBC, without a role. */
  String url() {
    return "jdbc:postgresql://localhost:" + port + "/postgres";
  }

  int port() {
    return port;
  }

  /** A connection as superuser. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "postgres", "");
  }

  /** A connection as viewers have it. */
  Connection connectAsReader() throws SQLException {
    return DriverManager.getConnection(url(), "joblog_reader", "");
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  String value(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
