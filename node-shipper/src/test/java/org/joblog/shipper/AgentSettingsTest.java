package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads who has written a wrong line into {@code agent.conf}. */
class AgentSettingsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server           | example.org      | HOST:PORT",
        "server           | :7470            | HOST:PORT",
        "server           | a:0              | a port from 1 to 65535",
        "server           | a:70000          | a port from 1 to 65535",
        "server           | ::1:7470         | HOST:PORT",
        "spool-limit      | much             | 0 to 4294967296, with K, M or G",
        "spool-limit      | -1               | 0 to 4294967296, with K, M or G",
        "spool-limit      | 1T               | 0 to 4294967296, with K, M or G",
        "spool-limit      | 99999999999G     | 0 to 4294967296, with K, M or G",
        "node-spool-limit | 1.5G             | 0 to 4294967296, with K, M or G",
        "node-spool-limit | G                | 0 to 4294967296, with K, M or G",
        "hold-budget      | 10m              | 0 to 1000000000",
        "hold-budget      | -5               | 0 to 1000000000",
        "tls              | maybe            | true or false",
      })
  void aWrongValueIsNamedWithItsKeyAndWhatIsExpected(String key, String value, String expected)
      throws IOException {
    SettingsReader reader = reader(key + " = " + value);
    AgentSettings ignored = reader.agentSettings();
    assertThat(ignored).isNotNull();
    assertThat(reader.complaints())
        .singleElement()
        .asString()
        .startsWith(key + ": " + value)
        .endsWith("(expected: " + named(expected) + ")");
  }

  /** What is expected of a server is one sentence, of which a case shows a part. */
  private static String named(String expected) {
    return expected.equals("HOST:PORT") || expected.startsWith("a port")
        ? "HOST:PORT, a port from 1 to 65535"
        : expected;
  }

  @ParameterizedTest
  @CsvSource({"secret-file", "socket", "spool-dir", "ca-file", "cert-file", "key-file", "log-file"})
  void aPathThatCannotBeOneIsNamedWithItsKey(String key) throws IOException {
    SettingsReader reader = reader(key + " = /a\0b");
    assertThat(reader.agentSettings()).isNotNull();
    assertThat(reader.complaints())
        .singleElement()
        .asString()
        .startsWith(key + ": ")
        .endsWith("(expected: the path of a file)");
  }

  @ParameterizedTest
  @CsvSource({
    "server",
    "secret-file",
    "socket",
    "relay-user",
    "spool-dir",
    "spool-limit",
    "node-spool-limit",
    "hold-budget",
    "tls",
    "ca-file",
    "cert-file",
    "key-file",
    "log-file"
  })
  void aKeyWithoutAValueIsNamed(String key) throws IOException {
    assertThat(reader(key + " =").complaints())
        .containsExactly(key + ": nothing (expected: a value, or no such line)");
  }

  @ParameterizedTest
  @CsvSource({"home", "cluster", "job", "task", "drain", "linger", "Server", "spool_dir"})
  void aKeyThatIsNoneOfAnAgentsIsNamed(String key) throws IOException {
    assertThat(reader(key + " = 1").complaints())
        .singleElement()
        .asString()
        .endsWith("unknown key " + key);
  }

  @ParameterizedTest
  @CsvSource({"103, true", "104, false"})
  void aSocketsPathHasToFitIntoItsAddress(int bytes, boolean fits) throws IOException {
    SettingsReader reader = reader("socket = /" + "s".repeat(bytes - 1));
    assertThat(reader.agentSettings()).isNotNull();
    assertThat(reader.complaints().isEmpty()).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({"--hold-budget, soon", "--spool-limit, much", "--server, nowhere"})
  void aWrongOptionStopsWithTheSameWords(String option, String value) {
    assertThatThrownBy(
            () -> SettingsReader.ofAgent(Map.of()).options(List.of(option, value)).agentSettings())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(option.substring(2) + ": " + value)
        .hasMessageContaining("expected: ");
  }

  private SettingsReader reader(String line) throws IOException {
    Path file = Files.writeString(folder.resolve("agent.conf"), line + "\n");
    return SettingsReader.ofAgent(Map.of()).file(file);
  }
}
