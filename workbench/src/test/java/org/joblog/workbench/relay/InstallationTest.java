package org.joblog.workbench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator installs on a node, and the script that says what is wrong there. */
class InstallationTest {

  @TempDir private Path folder;

  private void make(String target) throws Exception {
    Programs.make(
        Checkout.path("deploy/slurm"),
        List.of("SLURM_INCLUDE=test/fake", "DESTDIR=" + folder.resolve("root")),
        "BUILD=" + Path.of("target/relay").toAbsolutePath(),
        target);
  }

  private List<String> installed() throws IOException {
    Path root = folder.resolve("root");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** What the script says of a node with this line in plugstack.conf. */
  private String check(String line, int expectedExit) throws Exception {
    Path plugstack = Files.writeString(folder.resolve("joblog.conf"), "# joblog\n" + line + "\n");
    Process process =
        new ProcessBuilder(Checkout.path("deploy/slurm/check").toString(), plugstack.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(expectedExit);
    return said;
  }

  @Test
  void whatIsInstalledIsRemoved() throws Exception {
    make("install");
    assertThat(installed())
        .containsExactly(
            "etc/slurm/plugstack.conf.d/joblog.conf",
            "usr/lib/joblog/spank_joblog.so",
            "usr/lib/systemd/system/joblog-agent.service",
            "usr/lib/sysusers.d/joblog.conf",
            "usr/lib/tmpfiles.d/joblog.conf",
            "usr/libexec/joblog/check-node",
            "usr/libexec/joblog/joblog-relay");
    make("uninstall");
    assertThat(installed()).isEmpty();
  }

  @Test
  void aConfigurationThatIsThereIsKept() throws Exception {
    Path configuration = folder.resolve("root/etc/slurm/plugstack.conf.d/joblog.conf");
    Files.createDirectories(configuration.getParent());
    Files.writeString(configuration, "mine");
    make("install");
    assertThat(configuration).hasContent("mine");
  }

  @Test
  void theInstalledLineSaysOptional() throws Exception {
    String lines = Checkout.text("deploy/slurm/plugstack.conf.d/joblog.conf");
    assertThat(lines.lines().filter(line -> !line.startsWith("#")))
        .singleElement()
        .asString()
        .startsWith("optional /usr/lib/joblog/spank_joblog.so cluster=");
  }

  @Test
  void theCheckNamesWhatIsWrong() throws Exception {
    String said =
        check("required /nowhere/spank_joblog.so bogus=1 ruser=nobody-knows sock=/none", 1);
    assertThat(said)
        .contains("PROBLEM  plugstack: required (expected: optional;")
        .contains("PROBLEM  argument: bogus=1 (expected: ")
        .contains("PROBLEM  plugin: /nowhere/spank_joblog.so is missing")
        .contains("PROBLEM  account: nobody-knows is unknown")
        .contains("PROBLEM  socket: /none is not there");
  }

  @Test
  void theCheckFindsWhatIsThere() throws Exception {
    make("install");
    Path root = folder.resolve("root/usr");
    String said =
        check(
            "optional "
                + root.resolve("lib/joblog/spank_joblog.so")
                + " relay="
                + root.resolve("libexec/joblog/joblog-relay")
                + " sock=/none",
            1);
    assertThat(said).contains("ok       plugin: ").contains("ok       relay: joblog-relay ");
  }
}
