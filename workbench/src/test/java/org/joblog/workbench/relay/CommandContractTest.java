package org.joblog.workbench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command must not notice, by whichever program it is wrapped. */
@ParameterizedClass
@EnumSource(Wrapper.class)
class CommandContractTest {

  private static final int SIGNALLED = 128;

  /** Which descriptors the command has, seen from outside of its redirections. */
  private static final String OPEN =
      "r=; for f in 0 1 2; do [ -e /proc/$$/fd/$f ] && r=$r$f; done; printf %s \"$r\" >open";

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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 255})
  void theExitCodeIsTheCommands(int code) throws Exception {
    assertThat(wrapped().sh("exit " + code).exit()).isEqualTo(code);
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"INT,2", "ABRT,6", "KILL,9", "SEGV,11", "PIPE,13", "TERM,15"})
  void aSignalThatEndsTheCommandEndsTheWrapper(String name, int number) throws Exception {
    Wrapped.Result result = wrapped().sh("echo before; kill -" + name + " $$");
    assertThat(result.exit()).isEqualTo(SIGNALLED + number);
    assertThat(result.text()).isEqualTo("before\n");
    assertThat(peer.awaitEnd().signal()).isEqualTo(number);
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("before\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "INT", "USR1", "TERM", "WINCH"})
  void aSignalToTheWrapperReachesTheCommandOnce(String name) throws Exception {
    String script =
        "trap 'echo got; n=1' "
            + name
            + "; echo ready; n=0; i=0;"
            + " while [ $n = 0 ] && [ $i -lt 500 ]; do i=$((i+1)); sleep 0.02; done; sleep 0.1; exit 5";
    Wrapped wrapped = wrapped();
    Process process = wrapped.start("sh", "-c", script);
    awaitOutput("ready");
    signal(process.pid(), name);
    Wrapped.Result result = wrapped.await(process);
    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.text()).isEqualTo("ready\ngot\n");
  }

  @Test
  void aStoppedCommandStopsTheWrapperAndBothGoOn() throws Exception {
    Wrapped wrapped = wrapped();
    Process process =
        wrapped.start("sh", "-c", "echo $$ ready; until [ -e go ]; do sleep 0.05; done; echo end");
    awaitOutput("ready");
    String ready = Files.readString(folder.resolve("out"));
    signal(Long.parseLong(ready.substring(0, ready.indexOf(' '))), "STOP");
    await().atMost(30, TimeUnit.SECONDS).until(() -> state(process.pid()).equals("T"));
    signal(process.pid(), "CONT");
    Files.createFile(folder.resolve("go"));
    Wrapped.Result result = wrapped.await(process);
    assertThat(result.exit()).isZero();
    assertThat(result.text()).isEqualTo(ready + "end\n");
  }

  @Test
  void aSignalThatWasIgnoredAtTheStartIsIgnoredByTheCommandAndNoOther() throws Exception {
    String ask = "grep SigIgn /proc/self/status";
    Wrapped wrapped = wrapped();
    String plain = wrapped.shell("trap '' HUP PIPE; " + ask).text();
    assertThat(wrapped.shell("trap '' HUP PIPE; " + wrapped.line() + ask).text()).isEqualTo(plain);
  }

  @Test
  void aCommandThatIsNotThereIsReportedAsAShellDoes() throws Exception {
    Wrapped.Result missing = wrapped().run("no-such-command-here");
    assertThat(missing.exit()).isEqualTo(127);
    assertThat(missing.err()).asString().contains("no-such-command-here: No such file");
    assertThat(wrapped().run("/etc").exit()).isEqualTo(126);
  }

  @Test
  void aReaderThatGoesAwayEndsAnEndlessCommand() throws Exception {
    Wrapped wrapped = wrapped();
    Wrapped.Result result =
        wrapped.shell(wrapped.line() + "sh -c 'yes; echo $? >status' | head -n 1");
    assertThat(result.text()).isEqualTo("y\n");
    await()
        .untilAsserted(() -> assertThat(folder.resolve("status")).hasContent(SIGNALLED + 13 + ""));
  }

  @Test
  void aFullDiskIsNoticedByTheCommand() throws Exception {
    Wrapped wrapped = wrapped();
    Wrapped.Result result =
        wrapped.shell(wrapped.line() + "sh -c 'while echo x; do :; done; exit 9' >/dev/full");
    assertThat(result.exit()).isIn(9, SIGNALLED + 13);
  }

  @Test
  void withoutAnOptInFileTheWrapperBecomesTheCommand() throws Exception {
    Wrapped wrapped = wrapped();
    Files.delete(folder.resolve("home/.logoptin"));
    Process process = wrapped.start("sh", "-c", "echo $$; exit 6");
    Wrapped.Result result = wrapped.await(process);
    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.text()).isEqualTo(process.pid() + "\n");
    assertThat(peer.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkfifo", "mkdir", "ln -s /dev/zero", "ln -s /etc/none"})
  void whatIsNoFileIsNoOptIn(String maker) throws Exception {
    Wrapped wrapped = wrapped();
    String optIn = "home/.logoptin";
    Files.delete(folder.resolve(optIn));
    Wrapped.Result result =
        wrapped.shell(maker + " " + optIn + "; " + wrapped.line() + "echo plain");
    assertThat(result.text()).isEqualTo("plain\n");
    assertThat(peer.connections()).isZero();
  }

  @Test
  void theOptInFileArrivesAsItIs() throws Exception {
    byte[] bytes = new byte[65_536];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Wrapped wrapped = wrapped();
    Files.write(folder.resolve("home/.logoptin"), bytes);
    wrapped.sh("echo out");
    peer.awaitEnd();
    assertThat(peer.greeting().optIn()).isEqualTo(bytes);
  }

  @Test
  void anOptInFileThatIsTooLongArrivesAsOneThatIsTooLong() throws Exception {
    Wrapped wrapped = wrapped();
    Files.write(folder.resolve("home/.logoptin"), new byte[1 << 20]);
    wrapped.sh("echo out");
    peer.awaitEnd();
    assertThat(peer.greeting().optIn()).hasSize(65_537);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0<&-|12", "1>&-|02", "2>&-|01", "0<&- 1>&- 2>&-|", "1>&- 2>&-|0"})
  void whatIsClosedStaysClosed(String redirectionAndOpen) throws Exception {
    String[] parts = redirectionAndOpen.split("\\|", -1);
    Wrapped wrapped = wrapped();
    Wrapped.Result result =
        wrapped.shell(wrapped.line() + "sh -c '" + OPEN + "; exit 5' " + parts[0]);
    assertThat(result.exit()).isEqualTo(5);
    assertThat(folder.resolve("open")).hasContent(parts[1]);
  }

  @Test
  void theCommandHasTheDescriptorsThatItWouldHaveAndNoOthers() throws Exception {
    String command = "sh -c 'for f in /proc/$$/fd/*; do echo ${f##*/}; done; true'";
    Wrapped wrapped = wrapped();
    String plain = wrapped.shell("exec 7</dev/null; " + command + " 2>&1").text();
    String captured =
        wrapped.shell("exec 7</dev/null; " + wrapped.line() + command + " 2>&1").text();
    assertThat(captured).isEqualTo(plain).contains("7\n");
  }

  @Test
  void theEnvironmentIsTheSameButForOneMark() throws Exception {
    Wrapped wrapped = wrapped().with("ODD", "a=b\nc");
    String[] out = wrapped.run("env", "-0").text().split("\0");
    assertThat(out)
        .contains("ODD=a=b\nc")
        .anyMatch(entry -> entry.startsWith("SLURM_JOBLOG_CAPTURED="));
  }

  @Test
  void standardInputIsTheCommands() throws Exception {
    Wrapped wrapped = wrapped();
    assertThat(wrapped.shell("printf 'a\\nb' | " + wrapped.line() + "cat").text())
        .isEqualTo("a\nb");
  }

  @Test
  void argumentsArriveByteForByte() throws Exception {
    Wrapped wrapped = wrapped();
    String line =
        "LC_ALL=C "
            + wrapped.line()
            + "printf '%s|' \"$(printf 'x\\377\\n y')\" '' \"$(printf '\\303\\274')\""
            + " | od -An -tx1";
    assertThat(wrapped.shell(line).text())
        .isEqualToIgnoringWhitespace("78 ff 0a 20 79 7c 7c c3 bc 7c");
  }

  @Test
  void bothOutputsInOneFileKeepTheirOrder() throws Exception {
    String script = "i=0; while [ $i -lt 5000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done";
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      expected.append("out ").append(i).append("\nerr ").append(i).append('\n');
    }
    assertThat(wrapped().merged().sh(script).text()).isEqualTo(expected.toString());
    peer.awaitEnd();
    assertThat(peer.kinds()).containsExactly(StreamKind.COMBINED);
    assertThat(peer.bytes(StreamKind.COMBINED)).asString().isEqualTo(expected.toString());
  }

  @Test
  void bytesOfAllKindsArriveOnBothOutputs() throws Exception {
    byte[] bytes = new byte[300_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + i / 256);
    }
    Files.write(folder.resolve("in"), bytes);
    Wrapped.Result result = wrapped().sh("cat in; cat in >&2");
    assertThat(result.out()).isEqualTo(bytes);
    assertThat(result.err()).isEqualTo(bytes);
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(bytes);
    assertThat(peer.bytes(StreamKind.STDERR)).isEqualTo(bytes);
  }

  @Test
  void whatIsLeftInTheBackgroundKeepsItsOutputAndHoldsNobodyUp() throws Exception {
    String script = "(while [ ! -e go ]; do sleep 0.05; done; echo late) & echo early; exit 3";
    Wrapped.Result result = wrapped().option("--linger", "0").sh(script);
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.text()).isEqualTo("early\n");
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("early\n");
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(
            () -> assertThat(folder.resolve("out")).content().isEqualTo("early\nlate\n"));
  }

  @Test
  void whatIsLeftInTheBackgroundIsStillShippedForAMoment() throws Exception {
    Wrapped.Result result = wrapped().option("--linger", "20").sh("(sleep 0.3; echo late) &");
    assertThat(result.text()).isEqualTo("late\n");
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("late\n");
  }

  @Test
  void aWrappedCommandInsideAWrappedCommandIsCapturedOnce() throws Exception {
    Wrapped wrapped = wrapped().option("--job", "j1", "--cluster", "c");
    assertThat(wrapped.run("sh", "-c", wrapped.line() + "echo once").text()).isEqualTo("once\n");
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("once\n");
    assertThat(peer.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bogus", "--task -1", "--drain soon"})
  void anOptionThatIsWrongIsSaidBeforeAnythingRuns(String option) throws Exception {
    Wrapped.Result result = wrapped().option(option.split(" ")).sh("echo out");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).asString().contains("expected: ");
  }

  private void awaitOutput(String text) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(folder.resolve("out")).contains(text));
  }

  /** By the shell, because a small system has no program {@code kill}. */
  private static void signal(long pid, String name) throws Exception {
    String line = "kill -" + name + " " + pid;
    assertThat(new ProcessBuilder("sh", "-c", line).start().waitFor()).isZero();
  }

  /** The state letter of a process. */
  private static String state(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8);
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
  }
}
