package org.joblog.workbench.grafana;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.server.IngestServer;
import org.joblog.ingest.store.TestPostgres;

/** A database and a server that fills it. Safe for use by many threads. */
public final class TestCluster implements AutoCloseable {

  private final TestPostgres postgres = TestPostgres.create();
  private final IngestServer server;

  public TestCluster() throws Exception {
    server =
        IngestServer.start(
            ConfigFile.parse(
                """
                listen: {address: 127.0.0.1, port: 0}
                http: {port: 0}
                lanes: {screen_interval: 100ms}
                limits: {heartbeat: 10m}
                database: {url: '%s'}
                """
                    .formatted(postgres.jdbcUrl()),
                Path.of("/"),
                Map.of("JOBLOG_DATABASE_PASSWORD", postgres.writer().password())),
            "1");
  }

  public IngestServer server() {
    return server;
  }

  /** A connection like Grafana's: its role, and its protocol, in which a statement is a text. */
  Connection connectAsGrafana() throws SQLException {
    var reader = postgres.reader();
    String url = reader.jdbcUrl();
    return DriverManager.getConnection(
        url + (url.contains("?") ? "&" : "?") + "preferQueryMode=simple",
        reader.user(),
        reader.password());
  }

  @Override
  public void close() {
    server.close();
    postgres.close();
  }
}
