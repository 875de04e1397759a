package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.shipper.relay.RelayLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent that ends leaves to the next, in its files and in the rings of relays. */
class KeptJobsTest {

  private static final int PRINTED = 2_000_000;

  @TempDir private Path folder;
  private Peer peer;
  private AgentRig agent;
  private final byte[] printed = new byte[PRINTED];

  @BeforeEach
  void listen() throws IOException {
    peer = new Peer();
    agent = new AgentRig(folder, peer.address());
    new Random(7).nextBytes(printed);
  }

  @AfterEach
  void close() throws IOException {
    agent.close();
    peer.close();
  }

  /** What a relay prints from an offset on, as its ring has it. */
  private void send(RelayPeer relay, int from, int to) throws IOException {
    for (int at = from; at < to; at += 16 << 10) {
      relay.send(0, at, Arrays.copyOfRange(printed, at, Math.min(to, at + (16 << 10))));
    }
  }

  /** A relay that has handed everything over to an agent whose server is away, and is gone. */
  private void handOver(Path socket) throws IOException {
    try (RelayPeer relay = RelayPeer.of(socket, "1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      send(relay, 0, 1000);
      await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 1000);
      peer.die();
      send(relay, 1000, PRINTED);
      relay.awaitAck(0, PRINTED);
      relay.end(0, PRINTED, 4);
      // What is not allowed here is refused: then everything before it has been heard.
      relay.say(new Frame.OpenStream(1, 0, 1, StreamKind.STDOUT));
      relay.awaitClosed();
    }
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".job")).toList();
    }
  }

  @Test
  void aJobWhoseRelayDoesNotComeBackIsSentToItsEnd() throws Exception {
    agent.start();
    handOver(agent.socket());
    agent.stop();
    assertThat(kept()).hasSize(1);
    peer.revive();
    agent.start();
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(4);
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(printed);
    await().until(() -> kept().isEmpty());
  }

  @Test
  void aRelayThatComesBackGoesOn() throws Exception {
    agent.start();
    try (RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      send(relay, 0, 500_000);
      relay.awaitAck(0, 500_000);
      agent.stop();
      relay.awaitClosed();
      assertThat(Objects.requireNonNull(relay.goodbye()).retryMillis()).isEqualTo(1000);
    }
    agent.start();
    try (RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
      assertThat(relay.open(0, 0, StreamKind.STDOUT)).isEqualTo(500_000);
      send(relay, 500_000, PRINTED);
      relay.end(0, PRINTED, 0);
      relay.awaitEndAck();
      peer.awaitEnd();
    }
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(printed);
  }

  @Test
  void aDamagedFileCostsItsOwnJobAndSaysWhere() throws Exception {
    agent.start();
    handOver(agent.socket());
    agent.stop();
    Path file = kept().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.write(folder.resolve("rubbish.job"), new byte[] {1, 2, 3});
    peer.revive();
    agent.relays = withShortAbsence();
    agent.start();
    peer.awaitEnd();
    assertThat(peer.offset(StreamKind.STDOUT)).isEqualTo(PRINTED);
    assertThat(peer.gaps(StreamKind.STDOUT))
        .singleElement()
        .satisfies(gap -> {
          assertThat(gap.reason()).isEqualTo(Frame.GapReason.SPOOL_DAMAGED);
          assertThat(gap.to()).isEqualTo(PRINTED);
          assertThat(peer.bytes(StreamKind.STDOUT))
              .isEqualTo(Arrays.copyOf(printed, (int) gap.from()));
        });
    assertThat(agent.log).anyMatch(line -> line.contains("rubbish.job is lost"));
    await().until(() -> kept().isEmpty());
  }

  private RelayLimits withShortAbsence() {
    RelayLimits usual = agent.relays;
    return new RelayLimits(
        usual.relays(),
        usual.streams(),
        usual.greeting(),
        usual.heartbeat(),
        usual.bodyBytes(),
        Duration.ofMillis(300),
        usual.remembered());
  }

  @Test
  void anAgentThatWasKilledWhileTheServerHadMoreThanTheRelaySendsAtFirst() throws Exception {
    try (AgentProcess killed = AgentProcess.start(folder, peer.address());
        RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      send(relay, 0, 1_500_000);
      await().atMost(20, TimeUnit.SECONDS).until(() -> peer.offset(StreamKind.STDOUT) == 1_500_000);
      killed.kill();
    }
    try (AgentProcess _ = AgentProcess.start(folder, peer.address());
        RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
      assertThat(relay.open(0, 0, StreamKind.STDOUT)).isZero();
      relay.say(new Frame.Gap(0, 0, 900_000, 5, Frame.GapReason.RELAY_FAILED));
      send(relay, 900_000, PRINTED);
      relay.end(0, PRINTED, 0);
      relay.awaitEndAck();
      peer.awaitEnd();
    }
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(printed);
  }
}
