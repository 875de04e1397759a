package org.joblog.ingest.viewing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see what, and what becomes of requests that are wrong. */
class ViewingServerTest {

  private ViewingRig rig;
  private long ofAda;
  private long ofBob;

  @BeforeEach
  void start() throws Exception {
    rig = new ViewingRig(ViewingLimits.DEFAULT);
    ofAda = rig.job("1", "ada");
    ofBob = rig.job("2", "bob");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private String say(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.address().getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/session",
        "/v1/jobs",
        "/v1/jobs/1",
        "/v1/jobs/1/log",
        "/v1/compare?job=1&key=x",
        "/v1/x"
      })
  void withoutASessionNothingIsShown(String path) throws Exception {
    HttpResponse<String> answer = rig.send("GET", path, "");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).startsWith("{\"error\":\"no session");
    assertThat(rig.get(path, "made up").statusCode()).isEqualTo(401);
  }

  @Test
  void everybodySeesTheirOwnJobsAndOperatorsSeeAll() throws Exception {
    assertThat(rig.get("/v1/jobs", rig.tokenOf("ada")).body().lines())
        .singleElement()
        .asString()
        .contains("\"job_key\":" + ofAda, "\"user\":\"ada\"");
    assertThat(rig.get("/v1/jobs?user=bob", rig.tokenOf("ada")).body())
        .contains("\"user\":\"ada\"")
        .doesNotContain("bob");
    assertThat(rig.get("/v1/jobs", rig.tokenOf("root")).body().lines()).hasSize(2);
    assertThat(rig.get("/v1/jobs?user=bob", rig.tokenOf("root")).body().lines())
        .singleElement()
        .asString()
        .contains("\"job_key\":" + ofBob);
    assertThat(rig.get("/v1/jobs", rig.tokenOf("carol")).body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/log",
        "/streams",
        "/events",
        "/records",
        "/metadata",
        "/keys",
        "/latest",
        "/x",
        "/graph/time",
        "/graph/x"
      })
  void aJobOfSomebodyElseIsAsUnknownAsOneThatThereIsNot(String what) throws Exception {
    String ada = rig.tokenOf("ada");
    for (String named : List.of("2", "key:" + ofBob, "fir%2F2", "3", "key:99")) {
      HttpResponse<String> answer = rig.get("/v1/jobs/" + named + what, ada);
      assertThat(answer.statusCode()).as(named).isEqualTo(404);
      assertThat(answer.body()).contains("not found (expected: a job of ada)");
    }
    assertThat(rig.get("/v1/jobs/fir%2F1" + what, ada).statusCode()).isEqualTo(200);
    assertThat(rig.get("/v1/jobs/2" + what, rig.tokenOf("root")).statusCode()).isEqualTo(200);
  }

  @Test
  void aComparisonHasVisibleJobsOnly() throws Exception {
    String ada = rig.tokenOf("ada");

    assertThat(rig.get("/v1/compare?job=1&job=1&key=loss", ada).statusCode()).isEqualTo(200);
    assertThat(rig.get("/v1/compare?job=1&job=2&key=loss", ada).statusCode()).isEqualTo(404);
    assertThat(rig.get("/v1/compare?key=loss", ada).body()).contains("job: named 0 times");
    assertThat(rig.get("/v1/compare?key=loss" + "&job=1".repeat(21), ada).body())
        .contains("job: named 21 times (expected: 1 to 20)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/jobs?newest=many | newest: many (expected: an integer)",
        "/v1/jobs?newest=1&newest=2 | newest: named 2 times (expected: once)",
        "/v1/jobs?since=yesterday | since: yesterday (expected: a time like 2026-01-31T12:00:00Z)",
        "/v1/jobs?colour=1 | colour: unknown argument (expected: newest, since, until, state, search, user)",
        "/v1/jobs/1/log?search=%00 | search: holds the character U+0000 (expected: text without it)",
        "/v1/jobs/%00 | job: holds the character U+0000 (expected: text without it)",
        "/v1/jobs/1/log?task=99999999999 | task: 99999999999 (expected: an integer)",
        "/v1/jobs/1/graph/time?clip=wide | clip: wide (expected: a number)",
      })
  void aWrongArgumentIsNamed(String path, String reason) throws Exception {
    HttpResponse<String> answer = rig.get(path, rig.tokenOf("ada"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"error\":\"" + reason + "\"}\n");
  }

  @Test
  void whatSomebodyTypesIsNeverSql() throws Exception {
    String hostile = "%27%3B%20DROP%20TABLE%20joblog.job%3B%20--";
    String ada = rig.tokenOf("ada");

    assertThat(rig.get("/v1/jobs?search=" + hostile, ada).body()).isEmpty();
    assertThat(rig.get("/v1/jobs/" + hostile, ada).statusCode()).isEqualTo(404);
    assertThat(rig.get("/v1/jobs/1/log?step=" + hostile, ada).statusCode()).isEqualTo(200);
    assertThat(rig.get("/v1/jobs", ada).body().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /v1/session, 405",
    "POST, /v1/jobs, 405",
    "GET, /v1/link, 405",
    "HEAD, /v1/jobs, 405",
    "GET, /v2/jobs, 404",
    "GET, /page/../Login.class, 404",
    "GET, /page/..%2FLogin.class, 404",
    "GET, /page/nothing.js, 404",
  })
  void otherRequestsAreRefused(String method, String path, int status) throws Exception {
    HttpResponse<String> answer =
        rig.send(method, path, "", "Authorization", "Bearer " + rig.tokenOf("ada"));

    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void aRequestThatIsTooLongIsRefused() throws Exception {
    assertThat(rig.send("POST", "/v1/enter", "x".repeat(2_000)).statusCode()).isEqualTo(413);
    assertThat(say("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(say("garbage\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(say("GET /%zz HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 400");
  }

  @Test
  void requestsOnOneConnectionAreAnsweredInTheirOrder() throws Exception {
    String head = " HTTP/1.1\r\nAuthorization: Bearer " + rig.tokenOf("ada") + "\r\n";
    String answer =
        say(
            "GET /v1/jobs/1"
                + head
                + "\r\nGET /v1/jobs/2"
                + head
                + "\r\nGET /v1/session"
                + head
                + "Connection: close\r\n\r\n");

    assertThat(answer.split("HTTP/1.1 "))
        .extracting(part -> part.isEmpty() ? "" : part.substring(0, 3))
        .containsExactly("", "200", "404", "200");
  }

  @Test
  void aDatabaseThatIsAwayIsSaidAndCanComeBack() throws Exception {
    String ada = rig.tokenOf("ada");
    assertThat(rig.get("/v1/jobs", ada).statusCode()).isEqualTo(200);
    rig.postgres.refuse();

    HttpResponse<String> answer = rig.get("/v1/jobs", ada);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("{\"error\":\"the database does not answer now\"}\n");

    rig.postgres.accept();
    assertThat(rig.get("/v1/jobs", ada).statusCode()).isEqualTo(200);
  }
}
