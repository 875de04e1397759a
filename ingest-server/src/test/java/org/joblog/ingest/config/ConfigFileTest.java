package org.joblog.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

  @TempDir private Path folder = Path.of("");

  private List<String> problemsOf(String yaml) {
    return catchThrowableOfType(
            ConfigException.class, () -> ConfigFile.parse(yaml, folder, Map.of()))
        .problems();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limits: {memry: 1GiB} | limits.memry: unknown key (did you mean memory?), line 1",
        "limts: {} | limts: unknown key (did you mean limits?), line 1",
        "rendering: {x: 1} | rendering.x: unknown key (expected: one of colours), line 1",
        "http: {port: 1, port: 2} | http.port: named twice, line 1",
        "http: {port: 70000} | http.port: 70000 (expected: 0 to 65535), line 1",
        "http: {port: 0x50} | http.port: 0x50 (expected: a whole number), line 1",
        "http: {port: 99999999999} | http.port: 99999999999 (expected: a whole number), line 1",
        "http: {port: } | http.port: nothing (expected: a whole number), line 1",
        "http: {port: [1]} | http.port: a list (expected: a whole number), line 1",
        "http: {port: {a: 1}} | http.port: a mapping (expected: a whole number), line 1",
        "http: 5 | http: a single value (expected: keys with values), line 1",
        "[] | the file: a list (expected: keys with values), line 1",
        "rendering: {colours: yes} | rendering.colours: yes (expected: true or false), line 1",
        "listen: {clusters: a} | listen.clusters: a single value (expected: a list of texts), line 1",
        "listen: {clusters: [[a]]} | listen.clusters: a list (expected: text), line 1",
        "lanes: {screen_interval: 1ms} | lanes.screen_interval: 1ms (expected: 100ms to 1m), line 1",
        "limits: {memory: 1B} | limits.memory: 1B (expected: 2MiB to 1TiB), line 1"
      })
  void whatIsWrongIsNamedWithItsPlaceAndTheExpectation(String yaml, String problem) {
    assertThat(problemsOf(yaml)).containsExactly(problem);
  }

  @Test
  void aSizeWithoutUnitIsRefused() {
    assertThat(problemsOf("limits:\n  memory: 1000000"))
        .containsExactly(
            "limits.memory: 1000000 (expected: a size such as 512B, 64KiB, 32MiB, 4GiB, 1TiB),"
                + " line 2");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThat(problemsOf("http:\n  prt: 1\n  connections: 0\nlanes: {count: x}\n"))
        .containsExactly(
            "http.prt: unknown key (did you mean port?), line 2",
            "http.connections: 0 (expected: 1 to 10000), line 3",
            "lanes.count: x (expected: a whole number), line 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limits: {memory_per_job: 1GiB}",
        "limits: {memory_per_connection: 64MiB}",
        "retention: {keep: 23h}",
        "listen: {tls_key_file: k.pem}",
        "listen: {tls_client_ca_file: ca.pem}",
        "database: {url: 'postgres://db'}",
        "database: {url: 'jdbc:postgresql://db/x?password=geheim'}"
      })
  void keysThatDoNotFitTogetherAreRefused(String yaml) {
    assertThat(problemsOf(yaml)).singleElement().asString().contains("expected: ");
  }

  @Test
  void aPasswordInTheAddressIsRefusedAndNotRepeated() {
    assertThat(problemsOf("database: {url: 'jdbc:postgresql://db/x?password=geheim'}"))
        .singleElement()
        .asString()
        .doesNotContain("geheim");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "http: {port: 1",
        "a: b: c",
        "\t- x",
        "--- {}\n--- {}",
        "a: &x [1]\nb: *x\nc: *y",
        "[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]",
        "\u0000"
      })
  void whatIsNotYamlIsRefused(String yaml) {
    assertThat(problemsOf(yaml)).singleElement().asString().startsWith("not YAML: ");
  }

  @Test
  void aTagOfTheFileNamesNoClass() {
    assertThat(problemsOf("!!java.io.File [x]"))
        .containsExactly(
            "not YAML: Global tag is not allowed: tag:yaml.org,2002:java.io.File, line 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "{}", "http:\nlisten: {}\n"})
  void anEmptyFileOrSectionMeansTheDefaults(String yaml) throws ConfigException {
    assertThat(ConfigFile.parse(yaml, folder, Map.of()))
        .isEqualTo(ConfigFile.parse("http: {}", folder, Map.of()));
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("none.yaml");

    assertThat(
            catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(missing, Map.of())))
        .hasMessageContaining("none.yaml: cannot be read");
  }

  @Test
  void aFileWithWrongBytesIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("latin1.yaml"), new byte[] {'#', (byte) 0xE4, '\n'});

    assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(file, Map.of())))
        .hasMessageContaining("expected: UTF-8");
  }

  @Test
  void aHugeFileIsRefusedUnread() throws IOException {
    Path file = Files.write(folder.resolve("huge.yaml"), new byte[(1 << 20) + 1]);

    assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(file, Map.of())))
        .hasMessageContaining("1048577 bytes (expected: <= 1048576)");
  }

  @Test
  void secretsComeFromFilesBesideTheConfiguration() throws IOException, ConfigException {
    secretFile("writer", "  swordfish\n", "rw-r-----");
    secretFile("owner", "marlin", "r--------");
    secretFile("cluster", "0123456789abcdef", "rw-------");
    secretFile("reader", "tuna", "rw-r-----");
    Path file =
        Files.writeString(
            folder.resolve("joblog.yaml"),
            """
            listen: {secret_file: cluster}
            database: {password_file: writer, owner_password_file: owner}
            viewing: {database_password_file: reader}
            """);

    Secrets secrets = ConfigFile.read(file, Map.of()).secrets();

    assertThat(secrets.databasePassword()).contains("swordfish");
    assertThat(secrets.databaseOwnerPassword()).contains("marlin");
    assertThat(secrets.shipperSecret()).contains("0123456789abcdef");
    assertThat(secrets.viewingPassword()).contains("tuna");
  }

  @Test
  void theEnvironmentGoesBeforeTheFile() throws ConfigException {
    Secrets secrets =
        ConfigFile.parse(
                "database: {password_file: not-there}",
                folder,
                Map.of(
                    "JOBLOG_DATABASE_PASSWORD", "a",
                    "JOBLOG_DATABASE_OWNER_PASSWORD", "b",
                    "JOBLOG_SECRET", "sixteen letters!",
                    "JOBLOG_VIEWING_DATABASE_PASSWORD", "c"))
            .secrets();

    assertThat(secrets.databasePassword()).contains("a");
    assertThat(secrets.databaseOwnerPassword()).contains("b");
    assertThat(secrets.shipperSecret()).contains("sixteen letters!");
    assertThat(secrets.viewingPassword()).contains("c");
  }

  @Test
  void aSecretThatEverybodyMayReadIsRefused() throws IOException {
    secretFile("open", "swordfish", "rw-r--r--");

    assertThat(problemsOf("database: {password_file: open}"))
        .singleElement()
        .asString()
        .contains("open is readable for everybody")
        .doesNotContain("swordfish");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "missing"})
  void aSecretFileWithoutSecretIsRefused(String content) throws IOException {
    if (!content.equals("missing")) {
      secretFile("empty", content, "rw-------");
    }

    assertThat(problemsOf("database: {password_file: empty}"))
        .singleElement()
        .asString()
        .startsWith("database.password_file: ");
  }

  @Test
  void aShortSecretOfShippersIsRefusedAndNotRepeated() {
    assertThat(
            catchThrowableOfType(
                ConfigException.class,
                () -> ConfigFile.parse("", folder, Map.of("JOBLOG_SECRET", "swordfish"))))
        .hasMessage("secret of shippers: 9 characters (expected: >= 16)");
  }

  @Test
  void secretsAreNotPrinted() throws ConfigException {
    ServerConfig config =
        ConfigFile.parse("", folder, Map.of("JOBLOG_DATABASE_PASSWORD", "swordfish"));

    assertThat(config.toString()).contains("databasePassword=set").doesNotContain("swordfish");
    assertThat(Reference.inForce(config)).doesNotContain("swordfish");
  }

  private void secretFile(String name, String content, String rights) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }
}
