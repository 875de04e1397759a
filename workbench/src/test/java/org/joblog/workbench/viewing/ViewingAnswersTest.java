package org.joblog.workbench.viewing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joblog.schema.log.StreamKind;
import org.joblog.workbench.grafana.JobOutput;
import org.joblog.workbench.grafana.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a job prints, as its user gets it over HTTP. */
class ViewingAnswersTest {

  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final int RECORDS = 25_000;

  private static TestCluster cluster;
  private static HttpClient client;
  private static String token;

  @BeforeAll
  static void run() throws Exception {
    cluster = new TestCluster();
    client = HttpClient.newHttpClient();
    try (JobOutput job = new JobOutput(cluster.server().address(), "7", "alice", "", START)) {
      job.print("hello\n10%\r20%\r").print(StreamKind.STDERR, "oops\n").later(1000);
      job.print("\n{\"epoch\":1,\"loss\":0.5}\n{\"epoch\":2,\"loss\":NaN}\n").flush().end(0);
    }
    try (JobOutput job =
        new JobOutput(cluster.server().address(), "8", "alice", "", START.plusSeconds(60))) {
      for (int i = 0; i < RECORDS; i++) {
        job.print("{\"step\":" + i + "}\n");
      }
      job.flush().end(0);
    }
    String opened = send("POST", "/v1/session", "Munge " + StandInMunge.credential("alice")).body();
    Matcher found = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(opened);
    assertThat(found.find()).as(opened).isTrue();
    token = found.group(1);
  }

  @AfterAll
  static void close() throws Exception {
    client.close();
    cluster.close();
  }

  private static HttpResponse<String> send(String method, String path, String authorization)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(cluster.viewing().resolve(path))
            .header("Authorization", authorization)
            .method(method, BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static List<String> rows(String path) throws Exception {
    HttpResponse<String> answer = send("GET", path, "Bearer " + token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().toList();
  }

  @Test
  void aLogHasTheColumnsOfTheSqlInterface() throws Exception {
    List<String> log = rows("/v1/jobs/7/log");

    assertThat(log).hasSize(4);
    assertThat(log.getFirst())
        .contains("\"time\":\"2026-11-22T12:00:00+00:00\"", "\"body\":\"hello\"", "\"line\":0");
    assertThat(log.get(1)).contains("\"body\":\"20%\"");
    assertThat(rows("/v1/jobs/7/log?stream=stderr"))
        .singleElement()
        .asString()
        .contains("\"body\":\"oops\"", "\"level\":\"error\"");
    assertThat(rows("/v1/jobs/7/log?stream=stdout&stream=stderr")).hasSize(5);
    assertThat(rows("/v1/jobs/7/log?search=ELL&newest=1")).hasSize(1);
    assertThat(rows("/v1/jobs/7/log?since=2026-11-22T12%3A00%3A01%2B00%3A00")).hasSize(2);
  }

  @Test
  void aJobIsItsRowAndItsStreams() throws Exception {
    assertThat(rows("/v1/jobs/7"))
        .singleElement()
        .asString()
        .contains("\"job\":\"7\"", "\"state\":\"completed\"", "\"exit_code\":0");
    assertThat(rows("/v1/jobs/7/streams")).hasSize(2);
    assertThat(rows("/v1/jobs/7/events")).isEmpty();
    assertThat(rows("/v1/jobs?state=completed&newest=1")).hasSize(1);
    assertThat(rows("/v1/jobs?state=failed")).isEmpty();
  }

  @Test
  void metadataAreRecordsKeysAndPoints() throws Exception {
    assertThat(rows("/v1/jobs/7/records"))
        .hasSize(2)
        .first()
        .asString()
        .contains("\"record\":{\"epoch\":2,\"loss\":\"NaN\"}", "\"sequence\":1");
    assertThat(rows("/v1/jobs/7/keys")).hasSize(2).first().asString().contains("\"key\":\"epoch\"");
    assertThat(rows("/v1/jobs/7/latest")).hasSize(2);
    assertThat(rows("/v1/jobs/7/x")).first().asString().contains("\"x\":\"epoch\"");
    assertThat(rows("/v1/jobs/7/graph/x?key=loss"))
        .containsExactly("{\"x\":1,\"key\":\"loss\",\"value\":0.5}");
    assertThat(rows("/v1/jobs/7/graph/time?key=epoch&key=loss")).hasSize(3);
    assertThat(rows("/v1/compare?job=7&job=8&key=loss")).hasSize(1);
  }

  @Test
  void theDownloadHasEveryRecordOnceNewestFirst() throws Exception {
    List<String> records = rows("/v1/jobs/8/metadata");

    assertThat(records).hasSize(RECORDS);
    for (int i = 0; i < RECORDS; i++) {
      assertThat(records.get(i)).endsWith("\"record\":{\"step\":" + (RECORDS - 1 - i) + "}}");
    }
  }
}
