package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joblog.shipper.link.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

  @TempDir private Path folder;

  private static SettingsReader reader(String... options) {
    return new SettingsReader(Map.of()).options(List.of(options));
  }

  @Test
  void theDefaultsAreTheDocumentedOnes() {
    assertThat(reader().settings())
        .isEqualTo(
            new Settings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Path.of("/tmp"),
                256L << 20,
                Duration.ofMinutes(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false));
  }

  @Test
  void everyOptionIsTaken() {
    Settings settings =
        reader(
                "--server",
                "a:1",
                "--home",
                "/h",
                "--secret-file",
                "/s",
                "--cluster=c",
                "--job",
                "j",
                "--task",
                "3",
                "--spool-dir",
                "/d",
                "--spool-limit",
                "3K",
                "--hold-budget",
                "4",
                "--drain",
                "5",
                "--linger=6",
                "--tls",
                "--ca-file",
                "/ca",
                "--cert-file",
                "/ce",
                "--key-file",
                "/k",
                "--log-file",
                "/l",
                "--verbose")
            .settings();
    assertThat(settings)
        .isEqualTo(
            new Settings(
                Optional.of(Servers.parse("a:1")),
                Optional.of(Path.of("/h")),
                Optional.of(Path.of("/s")),
                Optional.of("c"),
                Optional.of("j"),
                3,
                Path.of("/d"),
                3072,
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                true,
                Optional.of(Path.of("/ca")),
                Optional.of(Path.of("/ce")),
                Optional.of(Path.of("/k")),
                Optional.of(Path.of("/l")),
                true));
  }

  @Test
  void optionsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("conf"),
            "# a comment\n\nserver = f:1\ncluster=f\n job = f \ntls=false\n");
    SettingsReader reader =
        new SettingsReader(Map.of("JOBLOG_SERVER", "e:1", "JOBLOG_CLUSTER", "e"))
            .options(List.of("--server", "o:1"))
            .file(file);
    Settings settings = reader.settings();
    assertThat(settings.server()).contains(Servers.parse("o:1"));
    assertThat(settings.cluster()).contains("e");
    assertThat(settings.job()).contains("f");
    assertThat(settings.tls()).isFalse();
    assertThat(reader.complaints()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--sever a:1",
        "--server",
        "server a:1",
        "--server a",
        "--task -1",
        "--task x",
        "--drain 1.5",
        "--spool-limit 1T",
        "--spool-limit 5000000000G",
        "-v",
        "--verbose=1"
      })
  void anOptionThatIsWrongStops(String words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader(words.split(" ")).settings())
        .withMessageContaining("expected: ");
  }

  @Test
  void aFileOrVariableThatIsWrongIsPassedOverAndComplainedOf() throws IOException {
    Path file = Files.writeString(folder.resolve("conf"), "sever = a:1\nnonsense\ntask = many\n");
    SettingsReader reader = new SettingsReader(Map.of("JOBLOG_SERVER", "a")).file(file);
    assertThat(reader.settings()).isEqualTo(reader().settings());
    assertThat(reader.complaints()).hasSize(4).anyMatch(line -> line.contains("unknown key sever"));
  }
}
