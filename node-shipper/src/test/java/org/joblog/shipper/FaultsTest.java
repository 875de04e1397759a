package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that misbehave. Whatever they do, the command's own output is complete and its exit code
 * its own; and what the server has is what was printed, but for gaps that say exactly where.
 */
class FaultsTest {

  /** More than the window holds, so that something has to give. */
  private static final String PRINT_12_MB = "seq -f '%011.0f' 1000000; exit 7";

  private static final int PRINTED = 12_000_000;

  @TempDir private Path folder;
  private Peer peer;

  @BeforeEach
  void listen() throws IOException {
    peer = new Peer();
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  private Wrapped wrapped() throws IOException {
    return Wrapped.optedIn(folder)
        .option("--server", peer.address())
        .option("--spool-dir", folder.toString());
  }

  @Test
  void anAbsentServerIsNotNoticed() throws Exception {
    peer.die();
    assertPrinted(wrapped().sh(PRINT_12_MB));
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".spool"));
    }
  }

  @Test
  void aServerThatNeverAnswersIsNotNoticed() throws Exception {
    peer.manners.silent = true;
    assertPrinted(wrapped().sh(PRINT_12_MB));
  }

  @Test
  void aServerThatRefusesIsAskedOnce() throws Exception {
    peer.manners.refusal = new Frame.Refusal(Frame.RefusalCode.OWNER, "uid: 7 (expected: 8)");
    Wrapped.Result result = wrapped().option("--log-file", "log").sh(PRINT_12_MB);
    assertPrinted(result);
    assertThat(peer.connections()).isEqualTo(1);
    assertThat(folder.resolve("log")).content().contains("OWNER: uid: 7 (expected: 8)");
  }

  @Test
  void aConnectionThatIsCutAgainAndAgainLosesAndRepeatsNothing() throws Exception {
    peer.manners.cutWithin = 3_000_000;
    Wrapped.Result result = wrapped().option("--drain", "60").sh(PRINT_12_MB);
    assertPrinted(result);
    peer.awaitEnd();
    assertThat(peer.connections()).isGreaterThan(1);
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aServerThatDiesAndComesBackGetsEverythingInOrder() throws Exception {
    long start = System.nanoTime();
    Wrapped wrapped = wrapped().option("--drain", "60");
    Path go = folder.resolve("go");
    Process process =
        wrapped.start(
            "sh",
            "-c",
            "echo first; while [ ! -e " + go + " ]; do sleep 0.05; done; " + PRINT_12_MB);
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 6);
    peer.die();
    Files.createFile(go);
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) == 6 + PRINTED);
    peer.revive();
    Wrapped.Result result = wrapped.await(process, start);
    assertThat(result.exit()).isEqualTo(7);
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(7);
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void whatTheSpoolCannotHoldIsAGapWithItsExactPlace() throws Exception {
    long start = System.nanoTime();
    Wrapped wrapped = wrapped().option("--drain", "60", "--spool-limit", "1M");
    Path go = folder.resolve("go");
    Process process =
        wrapped.start(
            "sh",
            "-c",
            "echo first; while [ ! -e " + go + " ]; do sleep 0.05; done; " + PRINT_12_MB);
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 6);
    peer.die();
    Files.createFile(go);
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) == 6 + PRINTED);
    peer.revive();
    Wrapped.Result result = wrapped.await(process, start);
    peer.awaitEnd();
    assertThat(peer.gaps(StreamKind.STDOUT)).isNotEmpty();
    assertThat(peer.offset(StreamKind.STDOUT)).isEqualTo(result.out().length);
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(withoutGaps(result.out()));
    assertThat(peer.gaps(StreamKind.STDOUT))
        .allMatch(gap -> gap.reason() == Frame.GapReason.SERVER_AWAY);
  }

  @Test
  void aSlowServerSlowsTheCommandAndGetsEverything() throws Exception {
    peer.manners.ackDelayMillis = 5;
    peer.manners.maxBodyBytes = 64 * 1024;
    Wrapped.Result result = wrapped().option("--drain", "60").sh(PRINT_12_MB);
    assertPrinted(result);
    peer.awaitEnd();
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aServerThatPausesHoldsTheCommandAndGetsEverything() throws Exception {
    peer.manners.saysPause = true;
    peer.manners.holding = false;
    long start = System.nanoTime();
    Wrapped wrapped = wrapped().option("--drain", "60");
    Path go = folder.resolve("go");
    Process process =
        wrapped.start(
            "sh",
            "-c",
            "echo first; while [ ! -e " + go + " ]; do sleep 0.05; done; " + PRINT_12_MB);
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 6);
    peer.manners.holding = true;
    Files.createFile(go);
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.size(folder.resolve("out")) >= 4 << 20);
    // Held back: far longer than a free command needs for the rest.
    await()
        .during(1, TimeUnit.SECONDS)
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) < 6 << 20 && process.isAlive());
    peer.manners.holding = false;
    Wrapped.Result result = wrapped.await(process, start);
    peer.awaitEnd();
    assertThat(result.exit()).isEqualTo(7);
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aPauseLongerThanTheBudgetLetsTheCommandRunOn() throws Exception {
    peer.manners.saysPause = true;
    long start = System.nanoTime();
    Wrapped wrapped =
        wrapped().option("--hold-budget", "1", "--spool-limit", "2M", "--drain", "60");
    Path go = folder.resolve("go");
    Process process =
        wrapped.start(
            "sh",
            "-c",
            "echo first; while [ ! -e "
                + go
                + " ]; do sleep 0.05; done; seq -f '%011.0f' 1000000; sleep 2; exit 7");
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 6);
    peer.manners.holding = true;
    Files.createFile(go);
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> Files.size(folder.resolve("out")) == 6 + PRINTED);
    peer.manners.holding = false;
    Wrapped.Result result = wrapped.await(process, start);
    peer.awaitEnd();
    assertThat(result.exit()).isEqualTo(7);
    assertThat(peer.gaps(StreamKind.STDOUT)).isNotEmpty();
    assertThat(peer.gaps(StreamKind.STDOUT))
        .allMatch(gap -> gap.reason() == Frame.GapReason.HELD_BACK_TOO_LONG);
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(withoutGaps(result.out()));
  }

  @Test
  void aSecondCommandOfTheSameStepIsAStreamOfItsOwn() throws Exception {
    wrapped().option("--job", "j1").sh("echo first");
    peer.awaitEnd();
    wrapped().option("--job", "j1").sh("echo second");
    await().until(() -> peer.offset(StreamKind.STDOUT) == 13);
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("first\nsecond\n");
    assertThat(peer.sources()).isEqualTo(2);
  }

  private static void assertPrinted(Wrapped.Result result) {
    ByteArrayOutputStream expected = new ByteArrayOutputStream(PRINTED);
    for (int i = 1; i <= 1_000_000; i++) {
      expected.writeBytes(String.format("%011d\n", i).getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(result.exit()).isEqualTo(7);
    assertThat(Arrays.equals(result.out(), expected.toByteArray())).isTrue();
  }

  private byte[] withoutGaps(byte[] printed) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    int at = 0;
    for (Frame.Gap gap : peer.gaps(StreamKind.STDOUT)) {
      kept.write(printed, at, (int) gap.from() - at);
      at = (int) gap.to();
    }
    kept.write(printed, at, printed.length - at);
    return kept.toByteArray();
  }
}
