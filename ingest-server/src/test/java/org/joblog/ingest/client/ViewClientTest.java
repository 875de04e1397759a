package org.joblog.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewClientTest {

  @TempDir private Path folder;
  @AutoClose private StandInServer server;
  @AutoClose private ViewClient client;

  @BeforeEach
  void start() throws IOException {
    server = new StandInServer();
    server.on("/v1/jobs/7", "{\"job_key\":42,\"job\":\"7\"}");
    client = clientOf(server.uri());
  }

  private ViewClient clientOf(URI uri) throws IOException {
    return new ViewClient(
        uri, Optional.empty(), new Credential(StandInServer.munge(folder).toString()));
  }

  private List<String> log() throws Exception {
    List<String> lines = new ArrayList<>();
    client.readOf(client.job("7"), "log", new Query(), line -> lines.add(line.get("body")));
    return lines;
  }

  @Test
  void oneCredentialBuysASessionForAllQuestionsThatEndsAtTheEnd() throws Exception {
    server.on("/v1/jobs/key:42/log", "{\"body\":\"a\"}", "{\"body\":\"b\"}");

    assertThat(log()).containsExactly("a", "b");
    client.close();
    assertThat(server.authorizations)
        .containsExactly(
            "POST Munge MUNGE:14:", "GET Bearer t1", "GET Bearer t1", "DELETE Bearer t1");
  }

  @Test
  void aSessionThatIsOverIsBegunAnewOnce() throws Exception {
    server.on("/v1/jobs/key:42/log", "{\"body\":\"a\"}");
    assertThat(log()).hasSize(1);
    server.endSession();

    assertThat(log()).hasSize(1);
    assertThat(server.authorizations).contains("GET Bearer t1", "GET Bearer t2");
  }

  @Test
  void namesOfJobsAndArgumentsAreEncoded() throws Exception {
    server.on("/v1/jobs/fir%2F7%20%26", "{\"job_key\":1}").on("/v1/jobs", "{\"job\":\"7\"}");
    client.job("fir/7 &");
    client.readJobs(new Query().with("search", "a&b=c+d é").with("user", ""), _ -> true);

    assertThat(server.requests)
        .containsExactly("/v1/jobs/fir%2F7%20%26", "/v1/jobs?search=a%26b%3Dc%2Bd%20%C3%A9");
  }

  @Test
  void errorsOfTheServerAreToldWithoutDoingAnythingToTheTerminal() {
    server.fail(503, 1);

    assertThatExceptionOfType(ViewingFailed.class)
        .isThrownBy(() -> client.job("7"))
        .withMessage("it fails")
        .matches(ViewingFailed::isPassing);
    assertThatExceptionOfType(ViewingFailed.class)
        .isThrownBy(() -> client.job("8"))
        .withMessage("not found")
        .matches(failure -> !failure.isPassing());
  }

  @Test
  void anAnswerThatBreaksOffIsNoShortAnswer() throws Exception {
    server.on("/v1/jobs/key:42/log", "{\"body\":\"a\"}");
    Row job = client.job("7");
    server.cutNext();

    assertThatExceptionOfType(ViewingFailed.class)
        .isThrownBy(() -> client.readOf(job, "log", new Query(), _ -> true))
        .withMessageContaining("the answer broke off");
  }

  @Test
  void aServerThatIsNotThereIsToldSo() throws Exception {
    try (ViewClient nobody = clientOf(URI.create("http://127.0.0.1:1"))) {
      assertThatExceptionOfType(ViewingFailed.class)
          .isThrownBy(() -> nobody.job("7"))
          .withMessage("server http://127.0.0.1:1: does not answer");
    }
  }

  @Test
  void withoutMungeNobodyIsAsked() {
    try (ViewClient nobody =
        new ViewClient(
            server.uri(), Optional.empty(), new Credential(folder.resolve("none").toString()))) {
      assertThatExceptionOfType(ViewingFailed.class)
          .isThrownBy(() -> nobody.job("7"))
          .withMessageContaining("expected: the program munge");
    }
    assertThat(server.authorizations).isEmpty();
  }
}
