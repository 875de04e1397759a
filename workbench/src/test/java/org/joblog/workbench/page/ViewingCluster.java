package org.joblog.workbench.page;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.server.IngestServer;
import org.joblog.ingest.store.TestPostgres;
import org.joblog.workbench.grafana.JobOutput;
import org.joblog.workbench.viewing.StandInMunge;

/**
 * A database, a server that fills it and shows it, and a network between the server and browsers
 * that can be cut. A stand-in for unmunge believes who says who they are. Confined to one thread.
 */
final class ViewingCluster implements AutoCloseable {

  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
  private static final Pattern LINK = Pattern.compile("\"path\":\"([^\"]+)\"");

  private final TestPostgres postgres = TestPostgres.create();
  private final Path unmunge;
  private final Cable cable;
  private IngestServer server;

  /**
   * Starts all.
   *
   * @param folder for files of its own
   */
  ViewingCluster(Path folder) throws Exception {
    unmunge = StandInMunge.unmunge(folder);
    server = startServer();
    cable = new Cable(server.viewingAddress().orElseThrow().getPort());
  }

  private IngestServer startServer() throws Exception {
    return IngestServer.start(
        ConfigFile.parse(
            """
            listen: {address: 127.0.0.1, port: 0}
            http: {port: 0}
            lanes: {screen_interval: 100ms}
            limits: {heartbeat: 10m}
            database: {url: '%s'}
            viewing: {enabled: true, port: 0, operators: [olga], unmunge_command: '%s', database_user: '%s'}
            """
                .formatted(postgres.jdbcUrl(), unmunge, postgres.reader().user()),
            Path.of("/"),
            Map.of(
                "JOBLOG_DATABASE_PASSWORD", postgres.writer().password(),
                "JOBLOG_VIEWING_DATABASE_PASSWORD", postgres.reader().password())),
        "1");
  }

  JobOutput job(String id, String user, String optIn, Instant start) throws IOException {
    return new JobOutput(server.address(), id, user, optIn, start);
  }

  /** The server's program is started anew: it knows of no session any more. */
  void restart() throws Exception {
    server.close();
    server = startServer();
    cable.leadTo(server.viewingAddress().orElseThrow().getPort());
  }

  Cable cable() {
    return cable;
  }

  /** Where a browser finds the page. */
  String url(String fragment) {
    return "http://127.0.0.1:" + cable.port() + "/" + fragment;
  }

  /** A link that lets a person in, once: what {@code joblog page} prints. */
  String link(String user) throws IOException, InterruptedException {
    String token = find(TOKEN, post("v1/session", "Munge " + StandInMunge.credential(user)));
    return url("").replaceAll("/$", "") + find(LINK, post("v1/link", "Bearer " + token));
  }

  private String post(String path, String authorization) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      return answer.body();
    }
  }

  private static String find(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      throw new AssertionError("no " + pattern + " in: " + text);
    }
    return found.group(1);
  }

  @Override
  public void close() throws IOException {
    cable.close();
    server.close();
    postgres.close();
  }
}
