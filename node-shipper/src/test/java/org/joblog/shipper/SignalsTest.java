package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and signals, in both directions. */
class SignalsTest {

  private static final int SIGNALLED = 128;

  @RegisterExtension private final Stage stage = new Stage();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 42, 126, 127, 128, 130, 255})
  void theExitCodeIsTheCommands(int code) throws Exception {
    assertThat(stage.wrapped().sh("exit " + code).exit()).isEqualTo(code);
    assertThat(stage.peer().awaitEnd().exitCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "HUP,1", "INT,2", "QUIT,3", "ABRT,6", "KILL,9", "USR1,10", "SEGV,11", "USR2,12", "PIPE,13",
    "ALRM,14", "TERM,15", "XCPU,24"
  })
  void aSignalThatEndsTheCommandEndsTheWrapper(String name, int number) throws Exception {
    // A Java test sees 128 + signal where a shell would too: the wrapper itself was killed.
    Wrapped.Result result = stage.wrapped().sh("echo before; kill -" + name + " $$");
    assertThat(result.exit()).isEqualTo(SIGNALLED + number);
    assertThat(result.out()).asString().isEqualTo("before\n");
    assertThat(stage.peer().awaitEnd().signal()).isEqualTo(number);
    assertThat(stage.peer().awaitEnd().exitCode()).isEqualTo(-1);
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).asString().isEqualTo("before\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "TERM", "XCPU", "WINCH"})
  void aSignalToTheWrapperReachesTheCommandOnce(String name) throws Exception {
    String script =
        "trap 'echo got; n=1' "
            + name
            + "; echo ready; n=0; i=0;"
            + " while [ $n = 0 ] && [ $i -lt 500 ]; do i=$((i+1)); sleep 0.02; done; sleep 0.1; exit 5";
    Wrapped.Running running = stage.wrapped().start("sh", "-c", script);
    stage.awaitOutput("ready");
    signal(running.pid(), name);
    Wrapped.Result result = running.await();
    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.out()).asString().isEqualTo("ready\ngot\n");
  }

  @Test
  void aStoppedCommandStopsTheWrapperAndBothGoOn() throws Exception {
    Path go = stage.file("go");
    Wrapped.Running running =
        stage
            .wrapped()
            .start(
                "sh",
                "-c",
                "echo $$ ready; until [ -e \"$1\" ]; do sleep 0.05; done; echo end",
                "sh",
                go.toString());
    stage.awaitOutput("ready");
    // Not TSTP to the wrapper: where no shell controls the running group, the kernel discards it.
    String ready = Files.readString(stage.out());
    signal(Long.parseLong(ready.substring(0, ready.indexOf(' '))), "STOP");
    await().atMost(30, TimeUnit.SECONDS).until(() -> state(running.pid()).equals("T"));
    signal(running.pid(), "CONT");
    Files.createFile(go);
    Wrapped.Result result = running.await();
    assertThat(result.exit()).isZero();
    assertThat(result.out()).asString().isEqualTo(ready + "end\n");
  }

  @Test
  void aSignalThatWasIgnoredAtTheStartIsIgnoredByTheCommand() throws Exception {
    String line = "trap '' HUP PIPE; " + stage.wrapper() + "grep SigIgn /proc/self/status";
    Wrapped.Result result = stage.shell(line);
    long ignored =
        Long.parseUnsignedLong(
            new String(result.out(), StandardCharsets.UTF_8).split("\\s+")[1], 16);
    assertThat(ignored & 1).isEqualTo(1);
    assertThat(ignored & (1 << 12)).isEqualTo(1 << 12);
  }

  @Test
  void aCommandThatIsNotThereIsReportedAsAShellDoes() throws Exception {
    Wrapped.Result missing = stage.wrapped().run("no-such-command-here");
    assertThat(missing.exit()).isEqualTo(127);
    assertThat(missing.err()).asString().contains("no-such-command-here: No such file");
    assertThat(stage.wrapped().run("/etc").exit()).isEqualTo(126);
  }

  @Test
  void aReaderThatGoesAwayEndsAnEndlessCommand() throws Exception {
    Wrapped.Result result =
        stage.shell(stage.wrapper() + "sh -c 'yes; echo $? >status' | head -n 1");
    assertThat(result.out()).asString().isEqualTo("y\n");
    await().until(() -> Files.exists(stage.file("status")));
    await().untilAsserted(() -> assertThat(stage.file("status")).hasContent(SIGNALLED + 13 + ""));
  }

  @Test
  void aFullDiskIsNoticedByTheCommand() throws Exception {
    String line = stage.wrapper() + "sh -c 'while echo x; do :; done; exit 9' >/dev/full";
    Wrapped.Result result = stage.shell(line);
    assertThat(result.exit()).isIn(9, SIGNALLED + 13);
  }

  /** By the shell, because a small system has no program {@code kill}. */
  private static void signal(long pid, String name) throws Exception {
    String line = "kill -" + name + " " + pid;
    assertThat(new ProcessBuilder("sh", "-c", line).start().waitFor()).isZero();
  }

  /** The state letter of a running. */
  private static String state(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
  }
}
