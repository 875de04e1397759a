package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Odd places to start a command in. It runs as it would have run without the wrapper, and finds
 * what it would have found.
 */
class SurroundingsTest {

  @RegisterExtension private final Stage stage = new Stage();

  @BeforeEach
  void optIn() throws IOException {
    stage.wrapped();
  }

  private String shell(String line) throws Exception {
    Wrapped.Result result = stage.shell(line);
    assertThat(result.exit()).as(() -> new String(result.err(), StandardCharsets.UTF_8)).isZero();
    return new String(result.out(), StandardCharsets.UTF_8);
  }

  /** A command after some words of the shell, plain and wrapped. */
  private String assertSame(String before, String command) throws Exception {
    String plain = shell(before + command);
    String wrapped = shell(before + stage.wrapper() + command);
    assertThat(wrapped).isEqualTo(plain).isNotEmpty();
    return wrapped;
  }

  @Test
  void aWorkingFolderThatIsGoneStopsNoCommand() throws Exception {
    assertSame("mkdir gone; cd gone; rmdir ../gone; ", "echo ran");
  }

  @ParameterizedTest
  @ValueSource(strings = {"export PATH=/nonexistent; ", "export PATH=; ", "unset PATH; "})
  void aPathWithoutToolsStopsNothing(String before) throws Exception {
    assertSame(before, "/bin/echo ran");
    stage.peer().awaitEnd();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).asString().isEqualTo("ran\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 24, 48})
  void aLowLimitOnOpenFilesStopsNoCommand(int files) throws Exception {
    assertSame("ulimit -n " + files + "; ", "echo ran");
  }

  @Test
  void variablesOfTheCommandKeepTheirValues() throws Exception {
    assertSame(
        "for v in self link root verbose agent captured home last word reason entry ignored blocked"
            + " closed open key value fd class_path news name signals block java_home"
            + " java_program java_version; do export $v=mine; done; ",
        "sh -c 'env | grep -c =mine$'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--home /nonexistent "})
  void functionsOfBashAndOddNamesReachTheCommand(String options) throws Exception {
    String export =
        "env 'a.b= 1\n' 'c-d=2 *' \"x y=\" 'BASH_FUNC_greet%%=() { echo one;\n echo two\n}' ";
    String ask =
        "bash -c 'greet; env -0 | tr \"\\n\" \"^\" | tr \"\\0\" \"\\n\" | grep -E \"^(a.b|c-d|x y)=\" | sort'";
    String plain = shell(export + ask);
    String wrapper =
        options.isEmpty() ? stage.wrapper() : Wrapped.SCRIPT + " run " + options + "-- ";
    assertThat(shell(export + wrapper + ask)).startsWith("one\ntwo\n").isEqualTo(plain);
  }

  @Test
  void theSystemsLimitsAndFlagsAreTheCommands() throws Exception {
    assertSame(
        "ulimit -Sn 1024; ",
        "sh -c 'cat /proc/self/limits /proc/self/coredump_filter /proc/self/oom_score_adj;"
            + " grep -E \"^(Sig(Blk|Ign)|NoNewPrivs|THP_enabled|Cpus_allowed):\" /proc/self/status;"
            + " umask'");
  }

  @Test
  void whereTheScriptCannotBlockSignalsTheEndIsNoticedAllTheSame() throws Exception {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Xrs",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            JoblogShipper.class.getName());
    Wrapped.Result result =
        stage
            .wrapped()
            .start(
                List.of(
                    "sh",
                    "-c",
                    "'" + String.join("' '", words) + "'" + stage.words() + "sh -c 'env; exit 3'"),
                stage.file(""))
            .await();
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).asString().doesNotContain("JOBLOG_UNSET").contains("PATH=");
    assertThat(stage.peer().awaitEnd().exitCode()).isEqualTo(3);
  }
}
