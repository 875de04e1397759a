package org.joblog.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void thePageOfAllKeysIsUpToDate() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/configuration.md")))
        .as("docs/configuration.md (expected: ./joblog config --reference)")
        .isEqualTo(Reference.page());
  }

  @Test
  void theFileToStartFromIsUpToDate() throws IOException {
    assertThat(Files.readString(ROOT.resolve("deploy/joblog.yaml")))
        .as("deploy/joblog.yaml (expected: ./joblog config --template)")
        .isEqualTo(Reference.template());
  }

  @Test
  void theFileToStartFromSetsNothing() throws ConfigException {
    assertThat(parse(Reference.template())).isEqualTo(parse(""));
  }

  @Test
  void everyDefaultShownInTheFileToStartFromIsTheDefault() throws ConfigException {
    String all =
        Reference.template().replaceAll("(?m)^  #(?! )", "  ").replaceAll(": none", ": 'none'");

    assertThat(parse(all)).isEqualTo(parse(""));
  }

  @Test
  void whatIsInForceIsPrintedSoThatItReadsBack() throws ConfigException {
    ServerConfig config =
        parse(
            """
            listen: {clusters: ["it's", b], tls_certificate_file: c.pem, tls_key_file: /k.pem}
            limits: {memory: 3GiB, heartbeat: 90s}
            """);

    assertThat(parse(Reference.inForce(config))).isEqualTo(config);
  }

  private static ServerConfig parse(String yaml) throws ConfigException {
    return ConfigFile.parse(yaml, Path.of("/etc/joblog"), Map.of());
  }
}
