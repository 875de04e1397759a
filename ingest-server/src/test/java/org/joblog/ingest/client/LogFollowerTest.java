package org.joblog.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.joblog.ingest.client.LinePrinter.Style;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who follows a job; time passes only where the follower waits. */
class LogFollowerTest {

  private static final String LOG = "/v1/jobs/key:42/log";

  @TempDir private Path folder;
  @AutoClose private StandInServer server;
  @AutoClose private ViewClient client;
  private final StringWriter out = new StringWriter();
  private final List<String> said = new ArrayList<>();

  /** What happens while the follower waits, one after the other; then the job is over. */
  private final Queue<Runnable> meanwhile = new ArrayDeque<>();

  private long nanos;

  @BeforeEach
  void start() throws IOException {
    server = new StandInServer();
    client =
        new ViewClient(
            server.uri(), Optional.empty(), new Credential(StandInServer.munge(folder).toString()));
    state("running");
  }

  private void state(String state) {
    String job = "{\"job_key\":42,\"job\":\"7\",\"state\":\"" + state + "\"}";
    server.on("/v1/jobs/7", job).on("/v1/jobs/key:42", job);
  }

  private static String line(int number, String body) {
    return line("1", number, body);
  }

  private static String line(String stream, int number, String body) {
    return ("{\"time\":\"2026-11-22T12:00:%02d+00:00\",\"body\":\"%s\",\"id\":\"%s:%d\",\"line\":%d,"
            + "\"stream_key\":%s,\"kind\":\"text\"}")
        .formatted(number % 60, body, stream, number, number, stream);
  }

  private void then(String... lines) {
    meanwhile.add(() -> server.on(LOG, lines));
  }

  private String follow(boolean terminal) throws Exception {
    LinePrinter printer =
        new LinePrinter(new PrintWriter(out), new Style(false, false, false, terminal));
    LogFollower follower = new LogFollower(client, printer, said::add, () -> nanos, this::pass);
    Row ended = follower.follow(client.job("7"), new Query(), "", 1000);
    assertThat(ended.get("state")).isEqualTo("completed");
    return out.toString();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    Runnable next = meanwhile.poll();
    if (next == null) {
      state("completed");
    } else {
      next.run();
    }
  }

  @Test
  void everyLineIsPrintedOnceAndInItsOrder() throws Exception {
    server.on(LOG, line(0, "a"), line(1, "b"));
    then(line(0, "a"), line(1, "b"), line(2, "c"));
    then(line(1, "b"), line(2, "c"), line(3, "d"), line(4, "e"));

    assertThat(follow(false)).isEqualTo("a\nb\nc\nd\ne\n");
    assertThat(said).isEmpty();
  }

  @Test
  void aBarIsPrintedInItsFinalStateOnly() throws Exception {
    server.on(LOG, line(0, "10%"));
    then(line(0, "20%"));
    then(line(0, "100%"), line(1, "done"));

    assertThat(follow(false)).isEqualTo("100%\ndone\n");
  }

  @Test
  void onATerminalABarIsDrawnOverInPlace() throws Exception {
    server.on(LOG, line(0, "10%"));
    then(line(0, "20%"));

    assertThat(follow(true))
        .isEqualTo("\u001b[?7l10%\u001b[?7h\r\u001b[K\u001b[?7l20%\u001b[?7h\r\u001b[K20%\n");
  }

  @Test
  void aLineThatStandsStillIsPrintedThoughNoneFollows() throws Exception {
    server.on(LOG, line(0, "waiting"));
    for (int i = 0; i < 3; i++) {
      then(line(0, "waiting"));
    }
    meanwhile.add(() -> assertThat(out.toString()).isEqualTo("waiting\n"));

    assertThat(follow(false)).isEqualTo("waiting\n");
  }

  @Test
  void aBarThatGoesOnAfterItStoodStillIsPrintedAgain() throws Exception {
    server.on(LOG, line(0, "10%"));
    for (int i = 0; i < 4; i++) {
      then(line(0, "10%"));
    }
    then(line(0, "90%"));

    assertThat(follow(false)).isEqualTo("10%\n90%\n");
  }

  @Test
  void aBarThatEndsAfterItStoodStillIsPrintedAsItEnded() throws Exception {
    server.on(LOG, line(0, "10%"));
    for (int i = 0; i < 4; i++) {
      then(line(0, "10%"));
    }
    then(line(0, "100%"), line(1, "done"));

    assertThat(follow(false)).isEqualTo("10%\n100%\ndone\n");
  }

  @Test
  void streamsDoNotHoldUpEachOther() throws Exception {
    server.on(LOG, line("1", 0, "10%"), line("2", 0, "a"));
    then(line("1", 0, "20%"), line("2", 0, "a"), line("2", 1, "b"));
    then(line("1", 0, "30%"), line("2", 1, "b"), line("2", 2, "c"));

    assertThat(follow(false)).isEqualTo("a\nb\n30%\nc\n");
  }

  @Test
  void aServerThatGoesAwayAndComesBackCostsNoLine() throws Exception {
    server.on(LOG, line(0, "a"), line(1, "b"));
    meanwhile.add(() -> {
      server.on(LOG, line(1, "b"), line(2, "c"));
      server.fail(503, 3);
    });
    for (int i = 0; i < 5; i++) {
      meanwhile.add(() -> {});
    }
    meanwhile.add(server::endSession);
    then(line(2, "c"), line(3, "d"));

    assertThat(follow(false)).isEqualTo("a\nb\nc\nd\n");
    assertThat(said).containsExactly("it fails; trying again");
  }

  @Test
  void onlyWhatIsNewIsAskedFor() throws Exception {
    server.on(LOG, line(30, "a"));
    then(line(30, "a"), line(31, "b"));
    follow(false);

    assertThat(server.requests)
        .filteredOn(request -> request.contains("/log"))
        .first()
        .isEqualTo(LOG + "?newest=1000");
    assertThat(server.requests)
        .filteredOn(request -> request.contains("/log"))
        .last()
        .isEqualTo(LOG + "?newest=10000&since=2026-11-22T11%3A59%3A31Z");
  }

  @Test
  void linesThatAJobPrintsTooFastAreCountedAndToldSo() throws Exception {
    server.on(LOG, line(0, "a"), line(1, "b"));
    String[] burst = new String[10_000];
    for (int i = 0; i < burst.length; i++) {
      burst[i] = line(500 + i, "x");
    }
    then(burst);

    assertThat(follow(false).lines()).hasSize(10_001);
    assertThat(said)
        .containsExactly("498 lines are left out: the job prints faster than is shown here");
  }
}
