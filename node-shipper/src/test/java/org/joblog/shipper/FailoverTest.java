package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several addresses of servers, of which some do not serve. */
class FailoverTest {

  @TempDir private Path folder;
  private Peer first;
  private Peer second;

  @BeforeEach
  void listen() throws IOException {
    first = new Peer();
    second = new Peer();
  }

  @AfterEach
  void close() throws IOException {
    first.close();
    second.close();
  }

  private Wrapped wrapped() throws IOException {
    return Wrapped.optedIn(folder).option("--server", first.address() + "," + second.address());
  }

  private void assertShipped(Peer to, Wrapped.Result result) throws InterruptedException {
    assertThat(result.exit()).isEqualTo(3);
    assertThat(to.awaitEnd().exitCode()).isEqualTo(3);
    assertThat(to.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void theFirstThatAnswersIsTaken() throws Exception {
    assertShipped(first, wrapped().sh("seq 300000; exit 3"));
    assertThat(second.connections()).isZero();
  }

  @Test
  void whereTheFirstIsDownAShortCommandStillReachesTheSecond() throws Exception {
    first.die();
    assertShipped(second, wrapped().sh("echo out; exit 3"));
  }

  @Test
  void whereTheFirstIsFullTheSecondIsAsked() throws Exception {
    first.manners.refusal = new Frame.Refusal(RefusalCode.FULL, "connections: 9 (expected: < 9)");
    assertShipped(second, wrapped().sh("echo out; exit 3"));
    assertThat(first.connections()).isEqualTo(1);
  }

  @Test
  void aServerThatDiesMakesWayForTheOtherWhichGetsTheRest() throws Exception {
    Wrapped.Running running =
        wrapped()
            .start("sh", "-c", "echo first; until [ -e go ]; do sleep 0.05; done; seq 9; exit 3");
    await().atMost(30, TimeUnit.SECONDS).until(() -> first.offset(StreamKind.STDOUT) == 6);
    first.die();
    await().atMost(30, TimeUnit.SECONDS).until(() -> second.connections() > 0);
    assertThat(folder.resolve("go").toFile().createNewFile()).isTrue();
    Wrapped.Result result = running.await();
    assertThat(result.exit()).isEqualTo(3);
    second.awaitEnd();
    // This one has no database in common with the other: what only that one had is said to be gone.
    assertThat(second.bytes(StreamKind.STDOUT)).asString().endsWith("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    assertThat(second.offset(StreamKind.STDOUT)).isEqualTo(result.out().length);
  }

  @Test
  void whereNoneAnswersTheCommandIsNotHeldUp() throws Exception {
    first.die();
    second.die();
    Wrapped.Result result = wrapped().sh("echo out; exit 3");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).asString().isEqualTo("out\n");
  }

  @Test
  void eachServersCertificateMustBeForItsOwnName() throws Exception {
    Certificates some = new Certificates(Files.createDirectory(folder.resolve("some")));
    Certificates others = new Certificates(Files.createDirectory(folder.resolve("others")));
    try (Peer stranger = new Peer(some.tls("DNS:elsewhere.example"));
        Peer known = new Peer(others.tls("IP:127.0.0.1"))) {
      Path trusted = folder.resolve("trusted");
      Files.writeString(
          trusted, Files.readString(some.certificate()) + Files.readString(others.certificate()));
      Wrapped.Result result =
          Wrapped.optedIn(folder)
              .option("--server", stranger.address() + "," + known.address(), "--tls")
              .option(
                  "--ca-file", trusted.toString(), "--log-file", folder.resolve("log").toString())
              .sh("echo out; exit 3");
      assertShipped(known, result);
      assertThat(stranger.hasGreeting()).isFalse();
      assertThat(folder.resolve("log")).content().contains(known.address() + " next in ");
    }
  }
}
