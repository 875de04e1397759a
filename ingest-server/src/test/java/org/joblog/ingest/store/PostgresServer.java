package org.joblog.ingest.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The PostgreSQL server that all tests of a JVM share: the one that JOBLOG_TEST_POSTGRES_URL names,
 * else a container if a Docker daemon answers, else an embedded one. Immutable.
 *
 * @param address {@code host:port}
 * @param user a superuser
 * @param password its password, may be empty
 */
record PostgresServer(String address, String user, String password) {

  private static final String TEMPLATE = "joblog_template";
  private static final String IMAGE = "postgres:18";

  /** Started when first asked for, once in a JVM, and gone with it. */
  private static final class Shared {
    static final PostgresServer SERVER = start();
  }

  static PostgresServer shared() {
    return Shared.SERVER;
  }

  String url(String database) {
    return "jdbc:postgresql://" + address + "/" + database;
  }

  /** A new database, with all migrations if wanted. */
  void create(String database, boolean migrated) {
    execute("CREATE DATABASE " + database + (migrated ? " TEMPLATE " + template() : ""));
  }

  /** Removes a database and whoever is connected to it. */
  void drop(String database) {
    execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
  }

  /** Whether anybody may connect to a database; if not, sessions that are there end. */
  void accepts(String database, boolean connections) {
    execute("ALTER DATABASE %s ALLOW_CONNECTIONS %b".formatted(database, connections));
    if (!connections) {
      execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
              .formatted(database));
    }
  }

  private String template() {
    return TEMPLATE + ProcessHandle.current().pid();
  }

  private static PostgresServer start() {
    PostgresServer server =
        given().or(PostgresServer::container).orElseGet(PostgresServer::embedded);
    server.drop(server.template());
    server.create(server.template(), false);
    server.prepare(server.url(server.template()));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.dropQuietly(server.template())));
    return server;
  }

  /** Roles as the operator creates them, tables as {@code joblog migrate} does. */
  void prepare(String url) {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      statement.execute(rolesOfTheOperator());
      for (String role : new String[] {"joblog_owner", "joblog_writer", "joblog_reader"}) {
        statement.execute("ALTER ROLE " + role + " PASSWORD '" + TestPostgres.PASSWORD + "'");
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the roles in " + url, e);
    }
    Migrations.migrate(new StoreSettings(url, "joblog_owner", TestPostgres.PASSWORD));
  }

  /** The file that operators run; some of its rights are those of one database. */
  static String rolesOfTheOperator() {
    try {
      return Files.readString(Path.of("../deploy/postgresql/roles.sql"));
    } catch (IOException e) {
      throw new UncheckedIOException("tests run in the folder of their module", e);
    }
  }

  /** {@code postgresql://user:password@host:port} */
  private static Optional<PostgresServer> given() {
    return Optional.ofNullable(System.getenv("JOBLOG_TEST_POSTGRES_URL"))
        .filter(url -> !url.isBlank())
        .map(java.net.URI::create)
        .map(PostgresServer::ofUri);
  }

  private static PostgresServer ofUri(java.net.URI uri) {
    String[] login = Optional.ofNullable(uri.getUserInfo()).orElse("postgres").split(":", 2);
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    return new PostgresServer(
        uri.getHost() + ":" + port, login[0], login.length > 1 ? login[1] : "");
  }

  // Testcontainers stops the container when the JVM is gone: that is why nobody closes it here.
  @SuppressWarnings("resource")
  private static Optional<PostgresServer> container() {
    boolean daemonPossible =
        System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    if (!daemonPossible || !DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
    container.start();
    return Optional.of(
        new PostgresServer(
            container.getHost() + ":" + container.getFirstMappedPort(),
            container.getUsername(),
            container.getPassword()));
  }

  // The embedded server stops itself by a shutdown hook.
  @SuppressWarnings("resource")
  private static PostgresServer embedded() {
    try {
      EmbeddedPostgres embedded =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setLocaleConfig("locale-provider", "builtin")
              .setLocaleConfig("builtin-locale", "C.UTF-8")
              .setServerConfig("max_connections", "200")
              .setServerConfig("shared_buffers", "64MB")
              .start();
      return new PostgresServer("localhost:" + embedded.getPort(), "postgres", "");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the embedded PostgreSQL", e);
    }
  }

  private void dropQuietly(String database) {
    try {
      drop(database);
    } catch (IllegalStateException e) {
      // The server is already going down, and the database with it.
    }
  }

  private void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url("postgres"), user, password);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
