package org.joblog.ingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class JoblogTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine program = Joblog.program();
    program.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return program.execute(args);
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(run("--help")).isEqualTo(Joblog.DONE);
    assertThat(out.toString()).contains("config", "migrate", "render", "demo", "Exit codes:");
  }

  @Test
  void theVersionSaysWhichJava() {
    assertThat(run("--version")).isEqualTo(Joblog.DONE);
    assertThat(out.toString()).startsWith("joblog ").contains("Java " + Runtime.version());
  }

  @Test
  void noCommandAndUnknownCommandsAreWrongUse() {
    assertThat(run()).isEqualTo(Joblog.WRONG_USE);
    assertThat(run("sever")).isEqualTo(Joblog.WRONG_USE);
    assertThat(err.toString()).contains("sever");
  }

  @Test
  void aConfigurationIsCheckedAndPrinted(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("joblog.yaml"), "http: {port: 1}");

    assertThat(run("config", "--config", file.toString())).isEqualTo(Joblog.DONE);
    assertThat(out.toString()).contains("http:\n  address: '127.0.0.1'\n  port: 1\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyMistakeOfAConfigurationIsToldOnALineOfItsOwn(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("joblog.yaml"), "htp: {}\nlanes: {count: x}");

    assertThat(run("config", "--config", file.toString())).isEqualTo(Joblog.WRONG_USE);
    assertThat(err.toString())
        .contains("  htp: unknown key (did you mean http?), line 1\n")
        .contains("  lanes.count: x (expected: a whole number), line 2\n")
        .doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void templateAndReferenceNeedNoFile() {
    assertThat(run("config", "--template")).isEqualTo(Joblog.DONE);
    assertThat(run("config", "--reference")).isEqualTo(Joblog.DONE);
    assertThat(run("config")).isEqualTo(Joblog.WRONG_USE);
  }

  @Test
  void aMigrationThatCannotReachTheDatabaseSaysSoInOneLine(@TempDir Path folder)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("joblog.yaml"),
            "database: {url: 'jdbc:postgresql://127.0.0.1:1/joblog?connectTimeout=2'}");

    assertThat(run("migrate", "--config", file.toString())).isEqualTo(Joblog.FAILED);
    assertThat(err.toString()).startsWith("joblog: migration of ").hasLineCount(1);
  }
}
