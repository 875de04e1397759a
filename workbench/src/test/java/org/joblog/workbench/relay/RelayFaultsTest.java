package org.joblog.workbench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the relay can suffer: a killed worker, an agent that forgets, one that stops. */
class RelayFaultsTest {

  /** What the ring holds of one of two outputs. */
  private static final int RING = 1 << 20;

  private static final int KILLS = 40;

  private static final String PRINT_TWICE_WHEN_TOLD =
      "touch started; until [ -e go ]; do sleep 0.05; done; "
          + Output.PRINT_12_MB.replace("'", "\"")
          + "; "
          + Output.PRINT_12_MB.replace("'", "\"");

  @TempDir private Path folder;
  private Peer peer;

  @BeforeEach
  void listen() throws IOException {
    peer = Peer.of(Wrapper.RELAY, folder);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  private Wrapped relayed() throws Exception {
    return Wrapped.of(Wrapper.RELAY, peer, folder).option("--drain", "60");
  }

  /** The process that moves the bytes. */
  private static Optional<ProcessHandle> worker(Process wrapper) {
    return wrapper.toHandle().children().filter(RelayFaultsTest::isWorker).findFirst();
  }

  private static boolean isWorker(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).equals("joblog-relay\n");
    } catch (IOException gone) {
      return false;
    }
  }

  /** Lets the command print, once it is there: before, it bears the name of the relay. */
  private void go() throws IOException {
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(folder.resolve("started")));
    Files.createFile(folder.resolve("go"));
  }

  /** Kills one worker after the other while the wrapper works; how many. */
  private static int killWorkers(ProcessHandle wrapper) {
    int killed = 0;
    while (killed < KILLS && wrapper.isAlive()) {
      Optional<ProcessHandle> worker =
          wrapper.children().filter(RelayFaultsTest::isWorker).findFirst();
      if (worker.isPresent() && worker.get().destroyForcibly()) {
        killed++;
      }
    }
    return killed;
  }

  /** The wrapper, which is somewhere below a shell. */
  private static ProcessHandle wrapperBelow(Process shell) {
    return await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                shell
                    .descendants()
                    .filter(p -> p.children().anyMatch(RelayFaultsTest::isWorker))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private void assertPrintedTwice(byte[] out) throws InterruptedException {
    assertThat(out).hasSize(2 * Output.PRINTED);
    assertThat(Output.isPrinted(Arrays.copyOf(out, Output.PRINTED))).isTrue();
    assertThat(Output.isPrinted(Arrays.copyOfRange(out, Output.PRINTED, out.length))).isTrue();
    peer.awaitEnd();
    assertThat(peer.offset(StreamKind.STDOUT)).isEqualTo(out.length);
    assertThat(peer.bytes(StreamKind.STDOUT))
        .isEqualTo(Output.without(peer.gaps(StreamKind.STDOUT), out));
  }

  @Test
  void killedWorkersLoseAndRepeatNothingInAFile() throws Exception {
    peer.manners.delayMillis = 1;
    Wrapped wrapped = relayed();
    Process process = wrapped.start("sh", "-c", PRINT_TWICE_WHEN_TOLD);
    go();
    assertThat(killWorkers(process.toHandle())).isGreaterThan(1);
    assertPrintedTwice(wrapped.await(process).out());
  }

  @Test
  void killedWorkersLoseAndRepeatNothingInAPipe() throws Exception {
    peer.manners.delayMillis = 1;
    Wrapped wrapped = relayed();
    Process process =
        wrapped.startShell(wrapped.line() + "sh -c '" + PRINT_TWICE_WHEN_TOLD + "' | cat; true");
    ProcessHandle wrapper = wrapperBelow(process);
    go();
    assertThat(killWorkers(wrapper)).isGreaterThan(1);
    assertPrintedTwice(wrapped.await(process).out());
  }

  @Test
  void anAgentThatWasStartedAnewIsToldAgainWhatTheRingHolds() throws Exception {
    Wrapped wrapped = relayed();
    Process process =
        wrapped.start(
            "sh",
            "-c",
            "seq -f '%09.0f' 50000; until [ -e go ]; do sleep 0.05; done; seq -f '%09.0f' 50000");
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 500_000);
    peer.die();
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) == 1_000_000);
    peer.forget();
    peer.revive();
    Wrapped.Result result = wrapped.await(process);
    peer.awaitEnd();
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void whatTheRingHoldsNoMoreIsAGapWithItsExactPlace() throws Exception {
    Wrapped wrapped = relayed();
    Process process =
        wrapped.start(
            "sh", "-c", "echo first; until [ -e go ]; do sleep 0.05; done; " + Output.PRINT_12_MB);
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 6);
    peer.die();
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) == 6 + Output.PRINTED);
    peer.forget();
    peer.revive();
    Wrapped.Result result = wrapped.await(process);
    peer.awaitEnd();
    assertThat(peer.gaps(StreamKind.STDOUT)).hasSize(1);
    Frame.Gap gap = peer.gaps(StreamKind.STDOUT).get(0);
    assertThat(gap.from()).isEqualTo(6);
    assertThat(gap.to()).isBetween((long) result.out().length - RING, (long) result.out().length);
    assertThat(gap.reason()).isEqualTo(Frame.GapReason.RELAY_FAILED);
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(Output.without(List.of(gap), result.out()));
  }

  @Test
  void anAgentThatStopsDoesNotStopTheCommand() throws Exception {
    peer.manners.stopped = true;
    Wrapped wrapped = relayed().option("--drain", "0");
    Wrapped.Result result = wrapped.sh(Output.PRINT_12_MB + "; " + Output.PRINT_12_MB + "; exit 7");
    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.out()).hasSize(2 * Output.PRINTED);
  }

  @Test
  void anAgentThatSendsItsRelaysAwayIsNotAskedInALoop() throws Exception {
    peer.manners.sendsAway = true;
    assertThat(relayed().option("--drain", "0").sh("echo out; sleep 1").text()).isEqualTo("out\n");
    assertThat(peer.connections()).isBetween(1, 20);
  }

  @Test
  void aRelayThatWatchesItsMemoryFindsNothing() throws Exception {
    peer.manners.cutAfter = 3_000_000;
    Wrapped wrapped =
        Wrapped.by(RelayBuild.checkedRelay(), peer, folder)
            .option("--drain", "60")
            .with("ASAN_OPTIONS", "detect_leaks=0");
    Process process =
        wrapped.start("sh", "-c", Output.PRINT_12_MB + "; " + Output.PRINT_12_MB + " >&2; exit 7");
    worker(process).ifPresent(ProcessHandle::destroyForcibly);
    Wrapped.Result result = wrapped.await(process);
    assertThat(result.exit()).isEqualTo(7);
    assertThat(Output.isPrinted(result.out())).isTrue();
    assertThat(Output.isPrinted(result.err())).isTrue();
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT))
        .isEqualTo(Output.without(peer.gaps(StreamKind.STDOUT), result.out()));
  }

  @Test
  void noProcessOfTheRelayIsLeft() throws Exception {
    Wrapped wrapped = relayed();
    Process process = wrapped.start("sh", "-c", "echo out; until [ -e go ]; do sleep 0.05; done");
    await().atMost(20, TimeUnit.SECONDS).until(() -> worker(process).isPresent());
    ProcessHandle worker = worker(process).orElseThrow();
    Files.createFile(folder.resolve("go"));
    wrapped.await(process);
    await().atMost(20, TimeUnit.SECONDS).until(() -> !worker.isAlive());
  }

  @Test
  void aWrapperThatIsKilledLeavesTheCommandItsOutput() throws Exception {
    Wrapped wrapped = relayed();
    Process process =
        wrapped.start("sh", "-c", "echo out; until [ -e go ]; do sleep 0.05; done; echo late");
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 4);
    List<ProcessHandle> family = process.toHandle().descendants().toList();
    process.destroyForcibly().waitFor();
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(folder.resolve("out")).equals("out\nlate\n"));
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("out\nlate\n");
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Stream.of(family).flatMap(List::stream).noneMatch(ProcessHandle::isAlive));
  }
}
