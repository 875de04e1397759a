package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * A fresh database on a real PostgreSQL, gone with {@link #close}. Safe for use by many threads.
 *
 * <p>The server is shared by all tests of the JVM (see {@link PostgresServer}); the database is
 * this test's own. Use it as a field with {@code @AutoClose}. A test that must stop, restart or
 * kill the server takes {@link OwnPostgres}.
 */
public final class TestPostgres implements AutoCloseable {

  static final String PASSWORD = "joblog-test";

  private final PostgresServer server;
  private final String database;

  private TestPostgres(PostgresServer server, String database) {
    this.server = server;
    this.database = database;
  }

  /** A database with all migrations. */
  public static TestPostgres create() {
    return create(true);
  }

  /** A database in which nothing is. */
  public static TestPostgres createEmpty() {
    return create(false);
  }

  private static TestPostgres create(boolean migrated) {
    String database = "t_" + UUID.randomUUID().toString().replace("-", "");
    PostgresServer.shared().create(database, migrated);
    return new TestPostgres(PostgresServer.shared(), database);
  }

  /** Its name on the server. */
  public String database() {
    return database;
  }

  public String jdbcUrl() {
    return server.url(database);
  }

  /** How the ingest server connects: as the role that may only write. */
  public StoreSettings writer() {
    return new StoreSettings(jdbcUrl(), "joblog_writer", PASSWORD);
  }

  /** How the tables are migrated: as their owner. */
  public StoreSettings owner() {
    return new StoreSettings(jdbcUrl(), "joblog_owner", PASSWORD);
  }

  /** How Grafana connects: as the role that sees the public views only. */
  public StoreSettings reader() {
    return new StoreSettings(jdbcUrl(), "joblog_reader", PASSWORD);
  }

  /** A connection as superuser, for looking into tables. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), server.user(), server.password());
  }

  /** A connection with the given settings. */
  public static Connection connect(StoreSettings settings) throws SQLException {
    return DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
  }

  /** Runs a statement as superuser. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Terminates every other session of this database, as an administrator or a crash would. */
  public void killBackends() throws SQLException {
    execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """);
  }

  /** Ends every session and lets none in until {@link #accept}, as a server that is down. */
  public void refuse() {
    server.accepts(database, false);
  }

  public void accept() {
    server.accepts(database, true);
  }

  @Override
  public void close() {
    server.drop(database);
  }
}
