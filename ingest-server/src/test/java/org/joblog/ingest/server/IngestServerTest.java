package org.joblog.ingest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.joblog.ingest.config.ConfigException;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.config.ServerConfig;
import org.joblog.ingest.store.TestPostgres;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class IngestServerTest {

  @AutoClose private final HttpClient client = HttpClient.newHttpClient();

  private static ServerConfig config(String databaseUrl, String password) throws ConfigException {
    return ConfigFile.parse(
        """
        listen: {address: 127.0.0.1, port: 0}
        http: {port: 0}
        database: {url: '%s'}
        """
            .formatted(databaseUrl),
        Path.of("/"),
        Map.of("JOBLOG_DATABASE_PASSWORD", password));
  }

  private HttpResponse<String> ask(IngestServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void aServerWithoutItsDatabaseStartsAndIsAliveButNotReady() throws Exception {
    try (IngestServer server =
        IngestServer.start(config("jdbc:postgresql://127.0.0.1:1/none", ""), "1")) {
      assertThat(ask(server, "/readyz").statusCode()).isEqualTo(503);
      assertThat(ask(server, "/readyz").body()).isEqualTo("the database does not answer\n");
      assertThat(ask(server, "/healthz").statusCode()).isEqualTo(200);
      assertThat(ask(server, "/metrics").body()).contains("joblog_database_up 0.0\n");
    }
  }

  @Test
  void aServerWithItsDatabaseBecomesReady() throws Exception {
    try (TestPostgres postgres = TestPostgres.create();
        IngestServer server =
            IngestServer.start(config(postgres.jdbcUrl(), postgres.writer().password()), "1")) {
      await().untilAsserted(() -> assertThat(ask(server, "/readyz").statusCode()).isEqualTo(200));
      assertThat(ask(server, "/metrics").body())
          .contains("joblog_database_up 1.0\n")
          .contains("joblog_oldest_uncommitted_seconds 0.0\n")
          .contains("joblog_queue_bytes 0.0\n");
    }
  }

  @Test
  void aServerThatCannotTellWhoSpeaksDoesNotStartUnlessItIsToldTo() throws Exception {
    String open = "listen: {address: 0.0.0.0, port: 0%s}\nhttp: {port: 0}\n";
    ServerConfig unverified = ConfigFile.parse(open.formatted(""), Path.of("/"), Map.of());
    ServerConfig told =
        ConfigFile.parse(open.formatted(", believe_anyone: true"), Path.of("/"), Map.of());
    ServerConfig secret =
        ConfigFile.parse(
            open.formatted(""), Path.of("/"), Map.of("JOBLOG_SECRET", "a secret of the cluster"));

    assertThatThrownBy(() -> IngestServer.start(unverified, "1").close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("secret_file")
        .hasMessageContaining("believe_anyone");
    IngestServer.start(told, "1").close();
    IngestServer.start(secret, "1").close();
  }

  @Test
  void jobsAreShownOnlyIfThatIsAskedForAndNotInClearToTheNetwork() throws Exception {
    String common = "listen: {address: 127.0.0.1, port: 0}\nhttp: {port: 0}\n";
    String shown = common + "viewing: {enabled: true, port: 0%s}\n";
    ServerConfig none = ConfigFile.parse(common, Path.of("/"), Map.of());
    ServerConfig here = ConfigFile.parse(shown.formatted(""), Path.of("/"), Map.of());
    ServerConfig clear =
        ConfigFile.parse(shown.formatted(", address: 0.0.0.0"), Path.of("/"), Map.of());
    ServerConfig proxied =
        ConfigFile.parse(
            shown.formatted(", address: 0.0.0.0, behind_tls_proxy: true"), Path.of("/"), Map.of());

    try (IngestServer server = IngestServer.start(none, "1")) {
      assertThat(server.viewingAddress()).isEmpty();
    }
    assertThatThrownBy(() -> IngestServer.start(clear, "1").close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("viewing: no TLS on 0.0.0.0 (expected: tls_certificate_file");
    IngestServer.start(proxied, "1").close();
    try (IngestServer server = IngestServer.start(here, "1")) {
      URI uri =
          URI.create(
              "http://127.0.0.1:" + server.viewingAddress().orElseThrow().getPort() + "/v1/jobs");
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aTakenPortStopsTheStartAndIsNamed() throws Exception {
    ServerConfig any = config("jdbc:postgresql://127.0.0.1:1/none", "");
    try (IngestServer first = IngestServer.start(any, "1")) {
      int taken = first.address().getPort();
      ServerConfig same =
          ConfigFile.parse(
              "listen: {address: 127.0.0.1, port: " + taken + "}", Path.of("/"), Map.of());

      assertThatThrownBy(() -> IngestServer.start(same, "2").close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(taken));
    }
  }
}
