package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and signals, in both directions. */
class SignalsTest {

  private static final int SIGNALLED = 128;

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
    return Wrapped.optedIn(folder).option("--server", peer.address());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 42, 126, 127, 128, 130, 255})
  void theExitCodeIsTheCommands(int code) throws Exception {
    assertThat(wrapped().sh("exit " + code).exit()).isEqualTo(code);
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "HUP,1", "INT,2", "QUIT,3", "ABRT,6", "KILL,9", "USR1,10", "SEGV,11", "USR2,12", "PIPE,13",
    "ALRM,14", "TERM,15", "XCPU,24"
  })
  void aSignalThatEndsTheCommandEndsTheWrapper(String name, int number) throws Exception {
    // A Java test sees 128 + signal where a shell would too: the wrapper itself was killed.
    Wrapped.Result result = wrapped().sh("echo before; kill -" + name + " $$");
    assertThat(result.exit()).isEqualTo(SIGNALLED + number);
    assertThat(result.out()).asString().isEqualTo("before\n");
    assertThat(peer.awaitEnd().signal()).isEqualTo(number);
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(-1);
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("before\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "TERM", "XCPU", "WINCH"})
  void aSignalToTheWrapperReachesTheCommandOnce(String name) throws Exception {
    String script =
        "trap 'echo got; n=1' "
            + name
            + "; echo ready; n=0; i=0;"
            + " while [ $n = 0 ] && [ $i -lt 500 ]; do i=$((i+1)); sleep 0.02; done; sleep 0.1; exit 5";
    long start = System.nanoTime();
    Wrapped wrapped = wrapped();
    Process process = wrapped.start("sh", "-c", script);
    awaitOutput("ready");
    signal(process.pid(), name);
    Wrapped.Result result = wrapped.await(process, start);
    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.out()).asString().isEqualTo("ready\ngot\n");
  }

  @Test
  void aStoppedCommandStopsTheWrapperAndBothGoOn() throws Exception {
    long start = System.nanoTime();
    Wrapped wrapped = wrapped();
    Path go = folder.resolve("go");
    Process process =
        wrapped.start(
            "sh",
            "-c",
            "echo $$ ready; until [ -e \"$1\" ]; do sleep 0.05; done; echo end",
            "sh",
            go.toString());
    awaitOutput("ready");
    // Not TSTP to the wrapper: where no shell controls the process group, the kernel discards it.
    String ready = Files.readString(folder.resolve("out"));
    signal(Long.parseLong(ready.substring(0, ready.indexOf(' '))), "STOP");
    await().atMost(30, TimeUnit.SECONDS).until(() -> state(process.pid()).equals("T"));
    signal(process.pid(), "CONT");
    Files.createFile(go);
    Wrapped.Result result = wrapped.await(process, start);
    assertThat(result.exit()).isZero();
    assertThat(result.out()).asString().isEqualTo(ready + "end\n");
  }

  @Test
  void aSignalThatWasIgnoredAtTheStartIsIgnoredByTheCommand() throws Exception {
    Wrapped wrapped = wrapped();
    String script = "trap '' HUP PIPE; exec \"$@\"";
    long start = System.nanoTime();
    Process process =
        wrapped.start(
            List.of(
                "sh",
                "-c",
                script,
                "sh",
                Wrapped.SCRIPT.toString(),
                "run",
                "--home",
                folder.resolve("home").toString(),
                "--server",
                peer.address(),
                "--",
                "sh",
                "-c",
                "grep SigIgn /proc/self/status"),
            folder);
    Wrapped.Result result = wrapped.await(process, start);
    long ignored =
        Long.parseUnsignedLong(
            new String(result.out(), StandardCharsets.UTF_8).split("\\s+")[1], 16);
    assertThat(ignored & 1).isEqualTo(1);
    assertThat(ignored & (1 << 12)).isEqualTo(1 << 12);
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
    long start = System.nanoTime();
    String line =
        Wrapped.SCRIPT
            + " run --home "
            + folder.resolve("home")
            + " --server "
            + peer.address()
            + " -- sh -c 'yes; echo $? >status' | head -n 1";
    Process process = wrapped.start(List.of("sh", "-c", line), folder);
    Wrapped.Result result = wrapped.await(process, start);
    assertThat(result.out()).asString().isEqualTo("y\n");
    await().until(() -> Files.exists(folder.resolve("status")));
    await()
        .untilAsserted(() -> assertThat(folder.resolve("status")).hasContent(SIGNALLED + 13 + ""));
  }

  @Test
  void aFullDiskIsNoticedByTheCommand() throws Exception {
    Wrapped wrapped = wrapped();
    long start = System.nanoTime();
    String line =
        Wrapped.SCRIPT
            + " run --home "
            + folder.resolve("home")
            + " --server "
            + peer.address()
            + " -- sh -c 'while echo x; do :; done; exit 9' >/dev/full";
    Wrapped.Result result = wrapped.await(wrapped.start(List.of("sh", "-c", line), folder), start);
    assertThat(result.exit()).isIn(9, SIGNALLED + 13);
  }

  private void awaitOutput(String text) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(folder.resolve("out")).contains(text));
  }

  private static void signal(long pid, String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  /** The state letter of a process. */
  private static String state(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
  }
}
