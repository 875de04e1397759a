package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.shipper.relay.Agent;
import org.joblog.shipper.relay.RelayLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes to the agent's socket and is no relay, or a broken one. An honest one is served. */
class HostileRelayTest {

  @TempDir private Path folder;
  private Peer peer;
  private AgentRig agent;

  @BeforeEach
  void listen() throws IOException {
    peer = new Peer();
    agent = new AgentRig(folder, peer.address());
  }

  @AfterEach
  void close() throws IOException {
    agent.close();
    peer.close();
  }

  private void anHonestRelayIsServed() throws Exception {
    try (RelayPeer relay = RelayPeer.of(agent.socket(), "honest")) {
      relay.open(0, 0, StreamKind.STDERR);
      relay.send(0, 0, "honest\n");
      relay.end(0, 7, 0);
      relay.awaitEndAck();
    }
    assertThat(peer.bytes(StreamKind.STDERR)).asString().isEqualTo("honest\n");
  }

  private static RefusalCode refusal(RelayPeer relay) {
    return Objects.requireNonNull(relay.refusal()).code();
  }

  @Test
  void anotherAccountIsSentAway() throws Exception {
    agent.relayUser = "54321";
    agent.start();
    try (RelayPeer relay = RelayPeer.connect(agent.socket())) {
      relay.awaitClosed();
    }
    assertThat(agent.log).anyMatch(line -> line.contains("was sent away"));
  }

  @Test
  void theAccountMayBeGivenByItsNumber() throws Exception {
    agent.relayUser = Files.getAttribute(folder, "unix:uid").toString();
    agent.start();
    anHonestRelayIsServed();
  }

  @Test
  void theSocketIsForItsOwnerOnly() throws Exception {
    agent.start();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(agent.socket())))
        .isEqualTo("rw-------");
  }

  @Test
  void aStaleSocketIsReplacedAndALivingAgentIsNot() throws Exception {
    Files.createFile(agent.socket());
    agent.start();
    AgentRig second = new AgentRig(folder, peer.address());
    assertThatIOException().isThrownBy(second::start).withMessageContaining("one agent for each");
    AgentRig third = new AgentRig(folder, peer.address());
    third.spoolFolder = Files.createDirectory(folder.resolve("other"));
    assertThatIOException().isThrownBy(third::start).withMessageContaining("somebody listens");
    anHonestRelayIsServed();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void garbageIsRefused(long seed) throws Exception {
    agent.start();
    byte[] garbage = new byte[5000];
    new Random(seed).nextBytes(garbage);
    try (RelayPeer relay = RelayPeer.connect(agent.socket())) {
      sayUntilClosed(relay, garbage);
      relay.awaitClosed();
    }
    try (RelayPeer relay = RelayPeer.of(agent.socket(), "garbage")) {
      sayUntilClosed(relay, garbage);
      relay.awaitClosed();
    }
    anHonestRelayIsServed();
  }

  private static void sayUntilClosed(RelayPeer relay, byte[] bytes) {
    try {
      relay.say(bytes);
    } catch (IOException e) {
      // The agent was quicker.
    }
  }

  @Test
  void aGiantLengthIsRefusedBeforeItIsBelieved() throws Exception {
    agent.start();
    try (RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
      relay.say(ByteBuffer.allocate(12).putInt(1 << 20).put((byte) 6).array());
      relay.awaitClosed();
      assertThat(refusal(relay)).isEqualTo(RefusalCode.PROTOCOL);
    }
    anHonestRelayIsServed();
  }

  @Test
  void silenceBeforeTheGreetingIsNotWaitedFor() throws Exception {
    agent.start();
    try (RelayPeer relay = RelayPeer.connect(agent.socket());
        RelayPeer half = RelayPeer.connect(agent.socket())) {
      half.say(new byte[5]);
      relay.awaitClosed();
      half.awaitClosed();
    }
    anHonestRelayIsServed();
  }

  @Test
  void aRelayThatFallsSilentIsClosedAndOneThatBeatsIsNot() throws Exception {
    agent.relays = limits(200, 400, Duration.ofMillis(200), Duration.ofSeconds(60));
    agent.start();
    try (RelayPeer silent = RelayPeer.of(agent.socket(), "1");
        RelayPeer beating = RelayPeer.of(agent.socket(), "2")) {
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(() -> {
            beating.say(new Frame.Heartbeat());
            return silent.isClosed();
          });
      assertThat(beating.isClosed()).isFalse();
      await().until(() -> beating.heartbeats() > 0);
    }
  }

  @Test
  void aRelayThatNeverComesBackIsEndedWithAnUnknownStatus() throws Exception {
    agent.relays = limits(200, 400, Duration.ofSeconds(20), Duration.ofMillis(300));
    agent.start();
    try (RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      relay.send(0, 0, "last words\n");
      relay.awaitAck(0, 11);
    }
    Frame.EndOfJob end = peer.awaitEnd();
    assertThat(end.exitCode()).isEqualTo(-1);
    assertThat(end.signal()).isZero();
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("last words\n");
  }

  @Test
  void framesOutOfOrderAreRefused() throws Exception {
    agent.start();
    List<Frame> wrong =
        List.of(
            new Frame.Data(7, 0, 1, new byte[1]),
            new Frame.EndOfStream(7, 0, 1),
            new Frame.Gap(7, 0, 1, 1, Frame.GapReason.RELAY_FAILED),
            new Frame.Notice(7, 1, Frame.NoticeCode.DESTINATION_FAILED, 28),
            RelayPeer.greeting("1"),
            new Frame.Ack(0, 0),
            new Frame.Welcome(1, 4096, 1000),
            new Frame.EndAck());
    for (Frame frame : wrong) {
      try (RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
        relay.say(frame);
        relay.awaitClosed();
        assertThat(refusal(relay)).isEqualTo(RefusalCode.PROTOCOL);
      }
    }
    anHonestRelayIsServed();
  }

  @Test
  void aHoleThatWasNotDeclaredIsRefused() throws Exception {
    agent.start();
    try (RelayPeer relay = RelayPeer.of(agent.socket(), "1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      relay.send(0, 5, "late");
      relay.awaitClosed();
      assertThat(refusal(relay)).isEqualTo(RefusalCode.PROTOCOL);
    }
  }

  @Test
  void capsOnRelaysAndStreamsHold() throws Exception {
    agent.relays = limits(3, 2, Duration.ofSeconds(20), Duration.ofSeconds(60));
    agent.start();
    List<RelayPeer> relays = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      relays.add(RelayPeer.of(agent.socket(), "job" + i));
    }
    try (RelayPeer fourth = RelayPeer.connect(agent.socket())) {
      fourth.awaitClosed();
    }
    relays.get(0).open(0, 0, StreamKind.STDOUT);
    relays.get(1).open(0, 0, StreamKind.STDOUT);
    relays.get(2).open(0, 0, StreamKind.STDOUT);
    relays.get(2).awaitClosed();
    assertThat(refusal(relays.get(2))).isEqualTo(RefusalCode.FULL);
    for (RelayPeer relay : relays) {
      relay.close();
    }
  }

  @Test
  void aRelayWithoutAPlaceIsCountedAndGoesOnWhenThereIsOne() throws Exception {
    agent.relays = limits(2, 8, Duration.ofSeconds(20), Duration.ofSeconds(60));
    Agent running = agent.start();
    RelayPeer first = RelayPeer.of(agent.socket(), "a");
    try (RelayPeer _ = RelayPeer.of(agent.socket(), "b")) {
      for (int i = 0; i < 3; i++) {
        try (RelayPeer late = RelayPeer.connect(agent.socket())) {
          late.awaitClosed();
        }
      }
      assertThat(running.turnedAway()).isEqualTo(3);
      assertThat(agent.log).filteredOn(line -> line.contains("all 2 places")).hasSize(1);
      first.close();
      await().until(() -> running.relays() == 1);
      anHonestRelayIsServed();
    }
    assertThat(running.turnedAway()).isEqualTo(3);
  }

  @Test
  void aConnectionThatIsCutInsideOfAnyFrameCostsNothing() throws Exception {
    agent.start();
    ByteBuffer greeting = ByteBuffer.allocate(500);
    FrameCodec.write(RelayPeer.greeting("cut"), greeting);
    byte[] bytes = greeting.flip().slice().array();
    for (int length = 0; length < greeting.limit(); length += 7) {
      try (RelayPeer relay = RelayPeer.connect(agent.socket())) {
        relay.say(Arrays.copyOf(bytes, length));
      }
    }
    anHonestRelayIsServed();
  }

  private static RelayLimits limits(int relays, int streams, Duration heartbeat, Duration absence) {
    return new RelayLimits(
        relays,
        streams,
        Duration.ofSeconds(1),
        heartbeat,
        32 << 10,
        absence,
        Duration.ofSeconds(60));
  }
}
