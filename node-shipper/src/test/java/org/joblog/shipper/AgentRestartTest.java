package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents that go away and come back, as real processes: what was printed arrives, once. */
class AgentRestartTest {

  private static final long LONGEST_SECONDS = 30;

  @RegisterExtension private final Stage stage = new Stage();

  private AgentProcess agent() throws IOException {
    return AgentProcess.start(stage.file(""), stage.peer().address());
  }

  private SteadyRelay relay(boolean forgets) {
    return new SteadyRelay(AgentProcess.socket(stage.file("")), "77", forgets);
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "line %06d%n".formatted(i))
        .collect(Collectors.joining());
  }

  private void awaitStored(SteadyRelay relay) {
    await()
        .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
        .until(() -> stage.peer().offset(StreamKind.STDOUT) == relay.printed().length);
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(relay.printed());
    assertThat(stage.peer().gaps(StreamKind.STDOUT)).isEmpty();
  }

  @Test
  void whatAnAgentHadWhenItWasStoppedIsSentByTheNext() throws Exception {
    stage.peer().die();
    try (SteadyRelay relay = relay(true)) {
      try (AgentProcess first = agent()) {
        relay.connect().print(lines(0, 40_000));
        relay.awaitAcknowledged();
        first.stop();
      }
      stage.peer().revive();
      try (AgentProcess _ = agent()) {
        relay.connect().print(lines(40_000, 50_000));
        relay.end();
        relay.awaitEnd();
        stage.peer().awaitEnd();
        awaitStored(relay);
      }
    }
  }

  @Test
  void aJobWhoseRelayDoesNotComeBackIsSentToItsEnd() throws Exception {
    stage.peer().die();
    try (SteadyRelay relay = relay(true)) {
      try (AgentProcess first = agent()) {
        relay.connect().print(lines(0, 40_000));
        relay.end();
        relay.awaitAcknowledged();
        relay.vanish();
        first.stop();
      }
      stage.peer().revive();
      try (AgentProcess second = agent()) {
        stage.peer().awaitEnd();
        awaitStored(relay);
        assertThat(stage.peer().hasEnded(StreamKind.STDOUT)).isTrue();
        assertThat(second.isAlive()).isTrue();
        await().atMost(LONGEST_SECONDS, TimeUnit.SECONDS).until(() -> keptFiles().isEmpty());
      }
    }
  }

  private List<Path> keptFiles() throws IOException {
    try (Stream<Path> files = Files.list(stage.file("spool"))) {
      return files.filter(file -> file.toString().endsWith(".job")).toList();
    }
  }

  @Test
  void whatAKilledAgentHadIsInTheRelaysRing() throws Exception {
    stage.peer().die();
    try (SteadyRelay relay = relay(false)) {
      try (AgentProcess first = agent()) {
        relay.connect().print(lines(0, 40_000));
        relay.awaitAcknowledged();
        first.kill();
      }
      stage.peer().revive();
      try (AgentProcess _ = agent()) {
        relay.connect().print(lines(40_000, 50_000));
        relay.end();
        stage.peer().awaitEnd();
        awaitStored(relay);
      }
    }
  }

  @Test
  void whatNeitherAKilledAgentNorTheRelayHasIsAGapWithItsExactPlace() throws Exception {
    try (SteadyRelay relay = relay(true)) {
      try (AgentProcess first = agent()) {
        relay.connect().print(lines(0, 1000));
        awaitStored(relay);
        stage.peer().die();
        relay.print(lines(1000, 2000));
        relay.awaitAcknowledged();
        first.kill();
      }
      stage.peer().revive();
      try (AgentProcess _ = agent()) {
        relay.connect().print(lines(2000, 3000));
        relay.end();
        stage.peer().awaitEnd();
      }
      String stored = lines(0, 1000) + lines(2000, 3000);
      assertThat(stage.peer().bytes(StreamKind.STDOUT))
          .isEqualTo(stored.getBytes(StandardCharsets.UTF_8));
      assertThat(stage.peer().gaps(StreamKind.STDOUT))
          .singleElement()
          .satisfies(gap -> assertThat(gap.from()).isEqualTo(lines(0, 1000).length()))
          .satisfies(gap -> assertThat(gap.to()).isEqualTo(lines(0, 2000).length()))
          .satisfies(gap -> assertThat(gap.reason()).isEqualTo(Frame.GapReason.RELAY_FAILED));
    }
  }

  @Test
  void aSecondAgentLeavesALivingOneAlone() throws Exception {
    try (AgentProcess first = agent();
        SteadyRelay relay = relay(true)) {
      relay.connect();
      try (AgentProcess second = agent()) {
        assertThat(second.awaitExit()).isNotZero();
        assertThat(second.log()).contains("expected: ");
      }
      assertThat(first.isAlive()).isTrue();
      relay.print("still here\n");
      awaitStored(relay);
    }
  }
}
