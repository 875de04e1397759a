package org.joblog.ingest.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {

  private final SettableHealth health = new SettableHealth();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = startWith(HttpLimits.DEFAULT);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private HttpServer startWith(HttpLimits limits) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return HttpServer.start(new HttpSettings(anyPort, limits), () -> "größe 1\n", health);
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + server.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  /** Sends bytes on a connection of its own and returns all that comes back until it is closed. */
  private String say(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void metricsAreServedInPrometheusFormat() throws Exception {
    HttpResponse<String> answer = ask("GET", "/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("größe 1\n");
    assertThat(answer.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void aQueryDoesNotMatter() throws Exception {
    assertThat(ask("GET", "/metrics?name%5B%5D=x").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz"})
  void aServerWithoutTroubleSaysOk(String path) throws Exception {
    HttpResponse<String> answer = ask("GET", path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok\n");
  }

  @Test
  void anIllServerSaysWhat() throws Exception {
    health.illness = Optional.of("a byte waits for 700 s (expected: <= 600)");

    assertThat(ask("GET", "/healthz"))
        .satisfies(a -> assertThat(a.statusCode()).isEqualTo(503))
        .satisfies(a -> assertThat(a.body()).contains("700 s"));
    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void aServerThatIsNotReadySaysWhyAndStaysAlive() throws Exception {
    health.unreadiness = Optional.of("database away");

    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void headIsAnsweredWithoutBodyButWithItsLength() throws IOException {
    assertThat(say("HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-length: 10\r\n")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics/", "/METRICS", "/healthz%00", "//"})
  void anotherPathIsNotFound(String path) throws Exception {
    assertThat(ask("GET", path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "NONSENSE"})
  void anotherMethodIsNotAllowed(String method) throws Exception {
    HttpResponse<String> answer = ask(method, "/metrics");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
  }

  @Test
  void severalRequestsShareAConnection() throws IOException {
    String one = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    String last = "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    assertThat(say(one + one + last).split("HTTP/1.1 200 OK", -1)).hasSize(4);
  }

  @Test
  void aBodyIsThrownAwayHoweverLong() throws IOException {
    String body = "x".repeat(300_000);

    assertThat(
            say(
                "POST /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body))
        .startsWith("HTTP/1.1 405 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rubbish\r\n\r\n", "\u0016\u0003\u0001\u0000\r\n\r\n"})
  void whatIsNoRequestIsAnsweredAndClosed(String rubbish) throws IOException {
    assertThat(say(rubbish)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aRequestLineThatIsTooLongIsRefused() throws IOException {
    String path = "/" + "x".repeat(HttpLimits.DEFAULT.requestLineBytes());

    assertThat(say("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void headersThatAreTooLongAreRefused() throws IOException {
    String header = "X: " + "x".repeat(HttpLimits.DEFAULT.headerBytes()) + "\r\n";

    assertThat(say("GET /metrics HTTP/1.1\r\n" + header + "\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aConnectionInTheMiddleOfARequestIsClosedWhenItFallsSilent() throws IOException {
    server.close();
    server = startWith(new HttpLimits(64, Duration.ofMillis(100), 1024, 8192));

    assertThat(say("GET /metr")).isEmpty();
  }

  @Test
  void aConnectionAboveTheCapIsClosedAndComesBackLater() throws Exception {
    server.close();
    server = startWith(new HttpLimits(1, Duration.ofSeconds(30), 1024, 8192));

    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      first
          .getOutputStream()
          .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(first.getInputStream().read()).isEqualTo('H');
      try (Socket second =
          new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
        second.setSoTimeout(20_000);
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
      first.shutdownOutput();
      first.getInputStream().readAllBytes();
    }

    await().untilAsserted(() -> assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200));
  }

  @Test
  void aTakenAddressIsNamed() {
    assertThatThrownBy(
            () -> {
              HttpSettings same = new HttpSettings(server.address(), HttpLimits.DEFAULT);
              HttpServer.start(same, () -> "", health).close();
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(String.valueOf(server.address().getPort()));
  }

  private static final class SettableHealth implements HealthSource {
    private volatile Optional<String> illness = Optional.empty();
    private volatile Optional<String> unreadiness = Optional.empty();

    @Override
    public Optional<String> illness() {
      return illness;
    }

    @Override
    public Optional<String> unreadiness() {
      return unreadiness;
    }
  }
}
