package org.joblog.workbench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Peers that misbehave. Whatever they do, the command's own output is complete and its exit code
 * its own; and what the peer has is what was printed, but for gaps that say exactly where.
 */
@ParameterizedClass
@EnumSource(Wrapper.class)
class FaultContractTest {

  private static final String PRINT = Output.PRINT_12_MB + "; exit 7";

  /** Prints a line, and when it is told to more than a wrapper and the system take for the peer. */
  private static final String PRINT_WHEN_TOLD =
      "echo first; while [ ! -e go ]; do sleep 0.05; done; seq -f '%011.0f' 4000000; exit 7";

  private static final int FIRST = 6;
  private static final int PRINTED_WHEN_TOLD = 48_000_000;
  private static final int TAKEN_AT_MOST = 24_000_000;

  @Parameter Wrapper wrapper;
  @TempDir private Path folder;
  private Peer peer;

  @BeforeEach
  void listen() throws IOException {
    peer = Peer.of(wrapper, folder);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  private Wrapped wrapped() throws Exception {
    return Wrapped.of(wrapper, peer, folder);
  }

  @Test
  void anAbsentPeerIsNotNoticed() throws Exception {
    peer.die();
    assertPrinted(wrapped().sh(PRINT));
  }

  @Test
  void aPeerThatNeverAnswersIsNotNoticed() throws Exception {
    peer.manners.silent = true;
    assertPrinted(wrapped().sh(PRINT));
  }

  @Test
  void aPeerThatRefusesForGoodIsAskedOnce() throws Exception {
    peer.manners.refusal = new Frame.Refusal(Frame.RefusalCode.OWNER, "uid: 7 (expected: 8)");
    assertPrinted(wrapped().sh(PRINT));
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionThatIsCutAgainAndAgainRepeatsNothingAndLosesNothingUnsaid() throws Exception {
    peer.manners.cutAfter = 3_000_000;
    Wrapped.Result result = wrapped().option("--drain", "60").sh(PRINT);
    assertPrinted(result);
    peer.awaitEnd();
    assertThat(peer.connections()).isGreaterThan(1);
    assertKept(result);
  }

  @Test
  void aPeerThatDiesAndComesBackGetsTheRestInOrder() throws Exception {
    Wrapped wrapped = wrapped().option("--drain", "60");
    Process process = wrapped.start("sh", "-c", PRINT_WHEN_TOLD);
    awaitFirst();
    peer.die();
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) == FIRST + PRINTED_WHEN_TOLD);
    peer.revive();
    Wrapped.Result result = wrapped.await(process);
    assertThat(result.exit()).isEqualTo(7);
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(7);
    assertKept(result);
  }

  @Test
  void aSlowPeerSlowsTheCommandAndGetsEverything() throws Exception {
    peer.manners.delayMillis = 2;
    Wrapped.Result result = wrapped().option("--drain", "60").sh(PRINT);
    assertPrinted(result);
    peer.awaitEnd();
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aPeerThatPausesHoldsTheCommandAndGetsEverything() throws Exception {
    peer.manners.saysPause = true;
    Wrapped wrapped = wrapped().option("--drain", "60");
    Process process = wrapped.start("sh", "-c", PRINT_WHEN_TOLD);
    awaitFirst();
    peer.manners.holding = true;
    Files.createFile(folder.resolve("go"));
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.size(folder.resolve("out")) >= 1 << 20);
    // Held back: far longer than a free command needs for the rest, and than a stall may last.
    await()
        .during(4, TimeUnit.SECONDS)
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) < TAKEN_AT_MOST && process.isAlive());
    peer.manners.holding = false;
    Wrapped.Result result = wrapped.await(process);
    peer.awaitEnd();
    assertThat(result.exit()).isEqualTo(7);
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aPauseLongerThanTheBudgetLetsTheCommandRunOn() throws Exception {
    peer.manners.saysPause = true;
    Wrapped wrapped = wrapped().option("--hold-budget", "1", "--drain", "60");
    if (wrapper == Wrapper.SHIPPER) {
      wrapped.option("--spool-limit", "2M");
    }
    Process process = wrapped.start("sh", "-c", PRINT_WHEN_TOLD);
    awaitFirst();
    peer.manners.holding = true;
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) == FIRST + PRINTED_WHEN_TOLD);
    peer.manners.holding = false;
    Wrapped.Result result = wrapped.await(process);
    peer.awaitEnd();
    assertThat(result.exit()).isEqualTo(7);
    assertKept(result);
    assertThat(peer.gaps(StreamKind.STDOUT))
        .isNotEmpty()
        .allMatch(gap -> gap.reason() == Frame.GapReason.HELD_BACK_TOO_LONG);
  }

  private void awaitFirst() {
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == FIRST);
  }

  /** The peer has every byte that was printed, or a gap in its place. */
  private void assertKept(Wrapped.Result result) {
    assertThat(peer.offset(StreamKind.STDOUT)).isEqualTo(result.out().length);
    assertThat(peer.bytes(StreamKind.STDOUT))
        .isEqualTo(Output.without(peer.gaps(StreamKind.STDOUT), result.out()));
  }

  private static void assertPrinted(Wrapped.Result result) {
    assertThat(result.exit()).isEqualTo(7);
    assertThat(Output.isPrinted(result.out())).isTrue();
  }
}
