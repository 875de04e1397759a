package org.joblog.workbench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.store.Migrations;
import org.joblog.ingest.store.StoreSettings;

/**
 * A real PostgreSQL for the demo. Its data stay in a folder, so that the next start goes on with
 * them. It listens on this machine only, and asks nobody for a password. Confined to one thread.
 */
final class DemoDatabase implements AutoCloseable {

  private static final String DATABASE = "joblog";
  private static final String SUPERUSER = "postgres";

  /** How long a server that an earlier demo left behind may take to stop. */
  private static final long ORPHAN_SECONDS = 20;

  private final EmbeddedPostgres server;

  private DemoDatabase(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts the server on a free port.
   *
   * @param folder where the data are kept; created if it is not there
   * @param programs where its programs are unpacked, once
   * @throws IOException if it cannot be started
   */
  static DemoDatabase start(Path folder, Path programs) throws IOException {
    return new DemoDatabase(
        server(folder, programs).setServerConfig("shared_buffers", "64MB").start());
  }

  /**
   * Starts a server for measurements: commits reach the disk, as in service.
   *
   * @param folder where data and programs are kept; created if it is not there
   * @throws IOException if it cannot be started
   */
  static DemoDatabase startDurable(Path folder) throws IOException {
    return new DemoDatabase(
        server(folder, folder)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "4GB")
            .start());
  }

  private static EmbeddedPostgres.Builder server(Path folder, Path programs) throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(folder);
    Files.createDirectories(programs);
    stopOrphan(data);
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(programs.toFile())
        .setLocaleConfig("locale-provider", "builtin")
        .setLocaleConfig("builtin-locale", "C.UTF-8")
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPort(0);
  }

  /** Stops the server of a demo that was killed: its data folder can have one server only. */
  private static void stopOrphan(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
    ProcessHandle orphan = ProcessHandle.of(pid).filter(DemoDatabase::isPostgres).orElse(null);
    if (orphan == null) {
      return;
    }
    orphan.destroy();
    awaitGone(orphan);
  }

  private static void awaitGone(ProcessHandle orphan) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ORPHAN_SECONDS);
    while (isPostgres(orphan)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("PostgreSQL of an earlier demo does not stop: " + orphan.pid());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  /** A process that has ended and waits for its parent to look has no program any more. */
  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().filter(path -> path.endsWith("postgres")).isPresent();
  }

  /** Creates database and roles if they are not there, and brings the tables to this version. */
  void prepare() throws SQLException, IOException {
    try (Connection connection = connect(SUPERUSER, SUPERUSER);
        Statement statement = connection.createStatement()) {
      if (!hasDatabase(statement)) {
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    }
    try (Connection connection = connect(DATABASE, SUPERUSER);
        Statement statement = connection.createStatement()) {
      statement.execute(roles());
    }
    Migrations.migrate(new StoreSettings(url(), "joblog_owner", ""));
  }

  private static boolean hasDatabase(Statement statement) throws SQLException {
    try (ResultSet found =
        statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
      return found.next();
    }
  }

  /** What a superuser runs once, of the installation. */
  static String roles() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(DemoDatabase.class.getResourceAsStream("/postgresql/roles.sql"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The database for JDBC, without a role. */
  String url() {
    return jdbc(DATABASE);
  }

  /** How the ingest server connects. */
  StoreSettings writer() {
    return new StoreSettings(url(), "joblog_writer", "");
  }

  /** The database for psql, for a role. */
  String psqlUrl(String role) {
    return "postgresql://" + role + "@localhost:" + server.getPort() + "/" + DATABASE;
  }

  int port() {
    return server.getPort();
  }

  /** A connection as the role that viewers have: views and functions of the schema jobs only. */
  Connection connectAsReader() throws SQLException {
    return connect(DATABASE, "joblog_reader");
  }

  /** A connection that sees everything. */
  Connection connectAsSuperuser() throws SQLException {
    return connect(DATABASE, SUPERUSER);
  }

  private Connection connect(String database, String role) throws SQLException {
    return DriverManager.getConnection(jdbc(database), role, "");
  }

  private String jdbc(String database) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
