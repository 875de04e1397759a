package org.joblog.workbench.grafana;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.server.IngestServer;
import org.joblog.ingest.store.TestPostgres;
import org.joblog.workbench.viewing.StandInMunge;

/** A database and a server that fills it. Safe for use by many threads. */
public final class TestCluster implements AutoCloseable {

  private final TestPostgres postgres = TestPostgres.create();
  private final Path folder = Files.createTempDirectory("joblog-cluster");
  private final IngestServer server;

  /** People are who their credentials of {@link StandInMunge} name. */
  public TestCluster() throws Exception {
    server = start(StandInMunge.unmunge(folder));
  }

  /**
   * A cluster that lets a program say who people are.
   *
   * @param unmunge the program
   */
  public TestCluster(Path unmunge) throws Exception {
    server = start(unmunge);
  }

  private IngestServer start(Path unmunge) throws Exception {
    return IngestServer.start(
        ConfigFile.parse(
            """
            listen: {address: 127.0.0.1, port: 0}
            http: {port: 0}
            lanes: {screen_interval: 100ms}
            limits: {heartbeat: 10m}
            database: {url: '%s'}
            viewing: {enabled: true, port: 0, operators: [olga], unmunge_command: '%s', database_user: %s}
            """
                .formatted(postgres.jdbcUrl(), unmunge, postgres.reader().user()),
            Path.of("/"),
            Map.of(
                "JOBLOG_DATABASE_PASSWORD", postgres.writer().password(),
                "JOBLOG_VIEWING_DATABASE_PASSWORD", postgres.reader().password())),
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

  /** Where people are shown their jobs, as whoever a credential of {@link StandInMunge} names. */
  public URI viewing() {
    return URI.create("http://127.0.0.1:" + server.viewingAddress().orElseThrow().getPort());
  }

  @Override
  public void close() throws IOException {
    server.close();
    postgres.close();
    Files.deleteIfExists(folder.resolve("unmunge"));
    Files.deleteIfExists(folder);
  }
}
