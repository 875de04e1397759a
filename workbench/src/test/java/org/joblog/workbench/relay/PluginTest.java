package org.joblog.workbench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plugin's decisions and pipes, with the real relay, and without Slurm. */
class PluginTest {

  private static final String MARK = "echo mark $SLURM_JOBLOG";

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

  private Step step(String name) throws Exception {
    return Step.of(name, peer, folder);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void assertNothingSaid() {
    assertThat(peer.connections()).isZero();
  }

  private void optOut() throws IOException {
    Files.delete(folder.resolve("home/.logoptin"));
  }

  @Test
  void aBatchStepIsCapturedAndToldToItsJob() throws Exception {
    Step.Result result = step("batch").run(MARK + "; echo err >&2; exit 3");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEqualTo("mark 7.0:captured\n");
    assertThat(result.err()).isEqualTo("err\n");
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(3);
    assertThat(text(peer.bytes(Step.BATCH, 0, StreamKind.STDOUT))).isEqualTo(result.out());
    assertThat(text(peer.bytes(Step.BATCH, 0, StreamKind.STDERR))).isEqualTo("err\n");
    assertThat(peer.greeting().job()).isEqualTo("7");
    assertThat(peer.greeting().user()).isEqualTo("tester");
    assertThat(text(peer.greeting().optIn())).isEqualTo("mode: enabled\n");
  }

  @Test
  void bothOutputsInOneFileAreOneStreamInOrder() throws Exception {
    String script = "i=0; while [ $i -lt 2000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done";
    Step.Result result = step("batch").merged().run(script);
    assertThat(result.out().lines()).hasSize(4000).startsWith("out 0", "err 0", "out 1");
    peer.awaitEnd();
    assertThat(peer.kinds()).containsExactly(StreamKind.COMBINED);
    assertThat(text(peer.bytes(StreamKind.COMBINED))).isEqualTo(result.out());
  }

  @Test
  void tasksAreToldApart() throws Exception {
    // The tasks' order in the shared file is nobody's promise.
    step("5").with("FAKE_TASKS", "3").run("echo from $$; sleep 0.1; exit 4");
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(4);
    for (int task = 0; task < 3; task++) {
      assertThat(text(peer.bytes(5, task, StreamKind.STDOUT))).matches("from \\d+\n");
    }
  }

  @Test
  void aJobWithoutTheFileIsLeftAloneAndAllItsStepsToo() throws Exception {
    step("batch");
    optOut();
    assertThat(step("batch").run(MARK).out()).isEqualTo("mark 7.0:no\n");
    Files.createFile(folder.resolve("home/.logoptin"));
    step("0").with("SLURM_JOBLOG", "7.0:no").run("echo out");
    assertNothingSaid();
    assertThat(Files.exists(folder.resolve("state"))).isFalse();
  }

  @Test
  void stepsOfACapturedBatchStepAreNotCapturedAgain() throws Exception {
    step("0").with("SLURM_JOBLOG", "7.0:captured").run("echo out");
    assertNothingSaid();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.0:no", "7.1:no", "70.0:no", "7.0", "7.0:", "7.0:what", ""})
  void whatAnotherJobWasToldDoesNotCount(String mark) throws Exception {
    step("0").with("SLURM_JOBLOG", mark).run("echo out");
    peer.awaitEnd();
    assertThat(text(peer.bytes(StreamKind.STDOUT))).isEqualTo("out\n");
  }

  @Test
  void aStepWithoutBatchStepDecidesForTheLaterOnes() throws Exception {
    step("0").run("echo one");
    peer.awaitEnd();
    optOut();
    assertThat(step("1").run("echo two; " + MARK).out()).endsWith("mark 7.0:captured\n");
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(() ->
            assertThat(text(peer.bytes(1, 0, StreamKind.STDOUT)))
                .isEqualTo("two\nmark 7.0:captured\n"));
    assertThat(text(peer.greeting().optIn())).isEqualTo("mode: enabled\n");
  }

  @Test
  void aDeclinedStepDecidesForTheLaterOnes() throws Exception {
    step("0");
    optOut();
    step("0").run("echo one");
    Files.createFile(folder.resolve("home/.logoptin"));
    step("1").run("echo two");
    assertNothingSaid();
    step("0").with("SLURM_RESTART_COUNT", "1").run("echo three");
    assertThat(peer.awaitEnd().exitCode()).isZero();
    assertThat(peer.greeting().restart()).isEqualTo(1);
  }

  @Test
  void aDecisionWithoutItsFileShowsNothingOfItsOwn() throws Exception {
    step("0");
    optOut();
    step("0").with("SLURM_JOBLOG", "7.0:yes").run("echo out");
    peer.awaitEnd();
    assertThat(text(peer.greeting().optIn())).startsWith("mode: disabled ");
  }

  @Test
  void aStateFolderThatOthersCanWriteIsNotBelieved() throws Exception {
    Path state = Files.createDirectories(folder.resolve("state"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(state.resolve("7.0"), "no\n");
    step("0").run("echo out");
    peer.awaitEnd();
    assertThat(text(peer.bytes(StreamKind.STDOUT))).isEqualTo("out\n");
  }

  @ParameterizedTest
  @CsvSource({
    "auto,batch,1",
    "auto,0,1",
    "batch,batch,1",
    "batch,0,0",
    "steps,batch,0",
    "steps,0,1"
  })
  void theSiteSaysWhichStepsAreCaptured(String capture, String name, int captured)
      throws Exception {
    step(name).argument("capture=" + capture).run("echo out");
    if (captured == 1) {
      peer.awaitEnd();
    }
    assertThat(peer.connections()).isEqualTo(captured);
  }

  @ParameterizedTest
  @ValueSource(strings = {"interactive", "extern"})
  void interactiveAndExternStepsAreNeverCaptured(String name) throws Exception {
    step(name).run("echo out");
    assertNothingSaid();
  }

  @Test
  void anInteractiveStepTellsWhatWasDecided() throws Exception {
    assertThat(step("interactive").run(MARK).out()).isEqualTo("mark 7.0:yes\n");
  }

  @Test
  void whatAWrapperInsideWouldCaptureAgainIsMarked() throws Exception {
    Step.Result result = step("batch").run("echo $SLURM_JOBLOG_CAPTURED");
    assertThat(result.out()).isEqualTo("c/7/0\n");
  }

  @Test
  void aTerminalStaysOneAndIsCaptured() throws Exception {
    Step.Result result =
        step("0").with("FAKE_TERMINAL", "out").run("test -t 1 && echo is a terminal");
    assertThat(result.out()).isEqualToIgnoringNewLines("is a terminal\n");
    peer.awaitEnd();
    assertThat(text(peer.bytes(StreamKind.STDOUT))).isEqualTo("is a terminal\n");
  }

  @Test
  void aTerminalWithAKeyboardIsNot() throws Exception {
    Step.Result result = step("0").with("FAKE_TERMINAL", "all").run("test -t 1 && echo typed");
    assertThat(result.out()).isEqualToIgnoringNewLines("typed\n");
    assertNothingSaid();
  }

  @Test
  void aTaskOfAnArrayHasTheIdThatUsersKnow() throws Exception {
    step("batch")
        .with("FAKE_JOB", "99")
        .with("FAKE_ARRAY", "12_3")
        .with("SLURM_JOB_ID", "99")
        .run("echo out");
    peer.awaitEnd();
    assertThat(peer.greeting().job()).isEqualTo("12_3");
  }

  @Test
  void whatAnArrayLeftInTheEnvironmentDoesNotCount() throws Exception {
    step("batch")
        .with("SLURM_ARRAY_JOB_ID", "12")
        .with("SLURM_ARRAY_TASK_ID", "3")
        .with("SLURM_JOB_ID", "7")
        .run("echo out");
    peer.awaitEnd();
    assertThat(peer.greeting().job()).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SLURM_JOB_ID_HET_GROUP_0", "SLURM_JOB_ID_PACK_GROUP_0"})
  void aComponentOfAHeterogeneousJobHasTheLeadersIdAndRanksOfTheWholeStep(String leader)
      throws Exception {
    step("0").with("SLURM_JOB_ID", "6").with(leader, "6").with("SLURM_PROCID", "3").run("echo out");
    peer.awaitEnd();
    assertThat(peer.greeting().job()).isEqualTo("6");
    assertThat(text(peer.bytes(0, 3, StreamKind.STDOUT))).isEqualTo("out\n");
  }

  @Test
  void whatSlurmNamesOddlyIsFitted() throws Exception {
    step("batch").with("SLURM_JOB_NAME", "a\tb \u0085ü").run("echo out");
    peer.awaitEnd();
    assertThat(peer.greeting().jobName()).isEqualTo("a?b ??ü");
  }

  @ParameterizedTest
  @ValueSource(strings = {"relay=/nonexistent", "relay=/bin/true", "ruser=nobody-knows"})
  void withoutARelayTheJobRuns(String argument) throws Exception {
    Step.Result result = step("batch").argument(argument).run(MARK);
    assertThat(result.out()).isEqualTo("mark 7.0:no\n");
  }

  @Test
  void anArgumentThatIsWrongIsLoggedAndTheJobRuns() throws Exception {
    Step step = step("batch").argument("bogus=1");
    assertThat(step.run("echo out").out()).isEqualTo("out\n");
    assertThat(step.log()).contains("bogus=1 (expected: ");
    assertNothingSaid();
  }

  @Test
  void theDisabledFileStopsCapturing() throws Exception {
    Files.createFile(folder.resolve("disabled"));
    step("batch").run("echo out");
    assertNothingSaid();
  }

  @Test
  void aHomeThatHangsIsNotWaitedForTwice() throws Exception {
    assertThat(step("batch").with("FAKE_HANG", "yes").run(MARK).out()).isEqualTo("mark 7.0:no\n");
    assertNothingSaid();
  }

  @Test
  void theLongestOptInFileArrives() throws Exception {
    Step step = step("batch");
    byte[] bytes = new byte[65_537];
    Arrays.fill(bytes, (byte) '#');
    Files.write(folder.resolve("home/.logoptin"), bytes);
    step.run("echo out");
    peer.awaitEnd();
    assertThat(peer.greeting().optIn()).isEqualTo(bytes);
  }

  @Test
  void aFullDiskDoesNotEndTheJob() throws Exception {
    Step.Result result =
        step("batch").into(Path.of("/dev/full")).run("echo lost || exit 8; echo lost; exit 5");
    assertThat(result.exit()).isEqualTo(5);
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(5);
    assertThat(text(peer.bytes(StreamKind.STDOUT))).isEqualTo("lost\nlost\n");
  }

  @Test
  void whatTheContainerKillsHoldsNobodyUp() throws Exception {
    Step.Result result =
        step("batch").with("FAKE_KILL", "yes").run("(sleep 600; echo never) & echo out");
    assertThat(result.out()).isEqualTo("out\n");
    peer.awaitEnd();
    assertThat(text(peer.bytes(StreamKind.STDOUT))).isEqualTo("out\n");
  }

  @Test
  void whatEscapesKeepsItsFileAndHoldsNobodyUp() throws Exception {
    String script = "(while [ ! -e go ]; do sleep 0.05; done; echo late) & echo early";
    assertThat(step("batch").run(script).out()).isEqualTo("early\n");
    peer.awaitEnd();
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(
            () -> assertThat(folder.resolve("out")).content().isEqualTo("early\nlate\n"));
    assertThat(text(peer.bytes(StreamKind.STDOUT))).isEqualTo("early\n");
  }

  @Test
  void aBurstAtTheEndIsComplete() throws Exception {
    Step.Result result = step("batch").run(Output.PRINT_12_MB);
    assertThat(Output.isPrinted(result.out().getBytes(StandardCharsets.UTF_8))).isTrue();
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT))
        .isEqualTo(
            Output.without(
                peer.gaps(StreamKind.STDOUT), result.out().getBytes(StandardCharsets.UTF_8)));
  }
}
