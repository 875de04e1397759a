package org.joblog.workbench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.Checkout;
import org.junit.jupiter.api.Test;

/** The relay writes and reads the very bytes that schema's codec does. */
class RelayWireTest {

  private static final String FUZZ_SEED = "20261123";
  private static final String FUZZ_ROUNDS = "300000";

  /** What a relay sends; what is not here an agent sends, or another kind of shipper. */
  private static final List<String> WRITTEN =
      List.of(
          "data",
          "end-of-job-exit-3",
          "end-of-job-signal-9",
          "end-of-stream",
          "gap",
          "goodbye",
          "greeting-least",
          "greeting-without-proof",
          "heartbeat",
          "open-batch-script",
          "open-stderr");

  /** Name and hexadecimal digits of every golden frame. */
  private static Map<String, String> golden() throws IOException {
    try (Stream<Path> files = Files.list(Checkout.path("schema/src/test/resources/golden"))) {
      Map<String, String> golden = new TreeMap<>();
      for (Path file : files.toList()) {
        String digits =
            Files.readAllLines(file).stream()
                .map(line -> line.replaceAll("#.*|\\s", ""))
                .collect(Collectors.joining());
        golden.put(file.getFileName().toString().replace(".hex", ""), digits);
      }
      return golden;
    }
  }

  private static String lines() throws IOException {
    return golden().entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static Map<String, String> answers(String said) {
    return said.lines()
        .map(line -> line.split(" ", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  @Test
  void theRelaysFramesAreTheGoldenOnes() throws Exception {
    Map<String, String> written =
        answers(Programs.run(List.of(RelayBuild.wireTest().toString(), "write"), ""));
    Map<String, String> golden = golden();
    assertThat(written.keySet()).containsAll(WRITTEN);
    written.keySet().retainAll(golden.keySet());
    assertThat(written).allSatisfy((name, hex) -> assertThat(hex).isEqualTo(golden.get(name)));
  }

  @Test
  void theRelayReadsWhatAnAgentSaysAndNothingElse() throws Exception {
    Map<String, String> read =
        answers(Programs.run(List.of(RelayBuild.wireTest().toString(), "read"), lines()));
    assertThat(read.get("challenge")).startsWith("46 type=1 ").contains("versions=1-3");
    assertThat(read.get("welcome"))
        .startsWith("21 type=3 ")
        .contains("version=1 longest=1048576 heartbeat=10000");
    assertThat(read.get("resume-point")).contains("type=5 stream=1 offset=72623859790382856");
    assertThat(read.get("ack")).contains("type=10 stream=1 offset=4294967301");
    assertThat(read.get("end-ack")).startsWith("12 type=11 ");
    assertThat(read.get("pause-store")).contains("type=13").contains("code=2");
    assertThat(read.get("unpause")).startsWith("12 type=14 ");
    assertThat(read.get("refusal")).startsWith("39 type=16 ").contains("code=6");
    assertThat(read.get("goodbye")).contains("type=15").contains("retry=30000");
    assertThat(read.get("heartbeat")).startsWith("12 type=12 ");
    assertThat(Stream.of("data", "gap", "open-stderr", "greeting-least", "end-of-stream"))
        .allSatisfy(name -> assertThat(read.get(name)).startsWith("-1 "));
  }

  @Test
  void damagedFramesDoNoHarm() throws Exception {
    List<String> command =
        List.of(RelayBuild.wireTest().toString(), "fuzz", FUZZ_SEED, FUZZ_ROUNDS);
    String valid = Programs.run(command, lines()).replaceAll("\\D", "");
    assertThat(Long.parseLong(valid)).isPositive();
  }

  @Test
  void bothWaysToTheChecksumAgree() throws Exception {
    assertThat(Programs.run(List.of(RelayBuild.wireTest().toString(), "crc"), ""))
        .isEqualTo("e3069283\n");
  }
}
