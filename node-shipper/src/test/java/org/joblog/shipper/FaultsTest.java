package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.shipper.window.WindowLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Servers that misbehave. Whatever they do, the command's own output is complete and its exit code
 * its own; and what the server has is what was printed, but for gaps that say exactly where.
 */
class FaultsTest {

  /** Less than the window holds, and more than pipes and sockets do. */
  private static final String PRINT_12_MB = "seq -f '%011.0f' 1000000; exit 7";

  /** More than the window and the sockets hold together, so that something has to give. */
  private static final String PRINT_36_MB = "seq -f '%011.0f' 3000000";

  private static final int PRINTED = 12_000_000;
  private static final int PRINTED_MUCH = 36_000_000;
  private static final int WINDOW = WindowLimits.DEFAULTS.ringBytes();

  /** More than the sockets of both sides take. */
  private static final int SOCKETS = 12 << 20;

  @RegisterExtension private final Stage stage = new Stage("--spool-dir", "%s");

  @Test
  void anAbsentServerIsNotNoticed() throws Exception {
    stage.peer().die();
    assertPrinted(stage.wrapped().sh(PRINT_12_MB));
    try (var files = Files.list(stage.file(""))) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".spool"));
    }
  }

  @Test
  void aServerThatNeverAnswersIsNotNoticed() throws Exception {
    stage.peer().manners.silent = true;
    assertPrinted(stage.wrapped().sh(PRINT_12_MB));
  }

  @Test
  void aServerThatRefusesIsAskedOnce() throws Exception {
    stage.peer().manners.refusal =
        new Frame.Refusal(Frame.RefusalCode.OWNER, "uid: 7 (expected: 8)");
    Wrapped.Result result = stage.wrapped().option("--log-file", "log").sh(PRINT_12_MB);
    assertPrinted(result);
    assertThat(stage.peer().connections()).isEqualTo(1);
    assertThat(stage.file("log")).content().contains("OWNER: uid: 7 (expected: 8)");
  }

  @Test
  void aConnectionThatIsCutAgainAndAgainLosesAndRepeatsNothing() throws Exception {
    stage.peer().manners.cutWithin = 3_000_000;
    Wrapped.Result result = stage.wrapped().option("--drain", "60").sh(PRINT_12_MB);
    assertPrinted(result);
    stage.peer().awaitEnd();
    assertThat(stage.peer().connections()).isGreaterThan(1);
    assertThat(stage.peer().gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aServerThatDiesAndComesBackGetsEverythingInOrder() throws Exception {
    Wrapped.Running running = stage.hold(stage.wrapped().option("--drain", "60"), PRINT_12_MB);
    stage.peer().die();
    stage.letGo();
    stage.awaitOutput(Stage.FIRST.length() + PRINTED);
    stage.peer().revive();
    Wrapped.Result result = running.await();
    assertThat(result.exit()).isEqualTo(7);
    assertThat(stage.peer().awaitEnd().exitCode()).isEqualTo(7);
    assertThat(stage.peer().gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void whatTheSpoolCannotHoldIsAGapWithItsExactPlace() throws Exception {
    Wrapped.Running running =
        stage.hold(
            stage.wrapped().option("--drain", "60", "--spool-limit", "1M"),
            PRINT_36_MB + "; exit 7");
    stage.peer().die();
    stage.letGo();
    stage.awaitOutput(Stage.FIRST.length() + PRINTED_MUCH);
    stage.peer().revive();
    Wrapped.Result result = running.await();
    stage.peer().awaitEnd();
    assertThat(stage.peer().gaps(StreamKind.STDOUT)).isNotEmpty();
    assertThat(stage.peer().offset(StreamKind.STDOUT)).isEqualTo(result.out().length);
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(withoutGaps(result.out()));
    assertThat(stage.peer().gaps(StreamKind.STDOUT))
        .allMatch(gap -> gap.reason() == Frame.GapReason.SERVER_AWAY);
  }

  @Test
  void aSlowServerSlowsTheCommandAndGetsEverything() throws Exception {
    stage.peer().manners.ackDelayMillis = 5;
    stage.peer().manners.maxBodyBytes = 64 * 1024;
    Wrapped.Result result = stage.wrapped().option("--drain", "60").sh(PRINT_12_MB);
    assertPrinted(result);
    stage.peer().awaitEnd();
    assertThat(stage.peer().gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aServerThatPausesHoldsTheCommandAndGetsEverything() throws Exception {
    stage.peer().manners.saysPause = true;
    stage.peer().manners.holding = false;
    Wrapped.Running running =
        stage.hold(stage.wrapped().option("--drain", "60"), PRINT_36_MB + "; exit 7");
    stage.peer().manners.holding = true;
    stage.letGo();
    stage.awaitOutput(WINDOW);
    // Held back: far longer than a free command needs for the rest.
    await()
        .during(1, TimeUnit.SECONDS)
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> Files.size(stage.out()) < WINDOW + SOCKETS && running.isAlive());
    stage.peer().manners.holding = false;
    Wrapped.Result result = running.await();
    stage.peer().awaitEnd();
    assertThat(result.exit()).isEqualTo(7);
    assertThat(stage.peer().gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void aPauseLongerThanTheBudgetLetsTheCommandRunOn() throws Exception {
    stage.peer().manners.saysPause = true;
    Wrapped wrapped =
        stage.wrapped().option("--hold-budget", "1", "--spool-limit", "2M", "--drain", "60");
    Wrapped.Running running = stage.hold(wrapped, PRINT_36_MB + "; sleep 2; exit 7");
    stage.peer().manners.holding = true;
    stage.letGo();
    stage.awaitOutput(Stage.FIRST.length() + PRINTED_MUCH);
    stage.peer().manners.holding = false;
    Wrapped.Result result = running.await();
    stage.peer().awaitEnd();
    assertThat(result.exit()).isEqualTo(7);
    assertThat(stage.peer().gaps(StreamKind.STDOUT)).isNotEmpty();
    assertThat(stage.peer().gaps(StreamKind.STDOUT))
        .allMatch(gap -> gap.reason() == Frame.GapReason.HELD_BACK_TOO_LONG);
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(withoutGaps(result.out()));
  }

  @Test
  void aSecondCommandOfTheSameStepIsAStreamOfItsOwn() throws Exception {
    stage.wrapped().option("--job", "j1").sh("echo first");
    stage.peer().awaitEnd();
    stage.wrapped().option("--job", "j1").sh("echo second");
    await().until(() -> stage.peer().offset(StreamKind.STDOUT) == 13);
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).asString().isEqualTo("first\nsecond\n");
    assertThat(stage.peer().sources()).isEqualTo(2);
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
    for (Frame.Gap gap : stage.peer().gaps(StreamKind.STDOUT)) {
      kept.write(printed, at, (int) gap.from() - at);
      at = (int) gap.to();
    }
    kept.write(printed, at, printed.length - at);
    return kept.toByteArray();
  }
}
