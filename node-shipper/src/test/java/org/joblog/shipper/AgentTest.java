package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.shipper.window.Allowance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relays that behave, an agent, and a server that behaves or does not. */
class AgentTest {

  private static final long BATCH = 0xfffffffbL;

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

  private RelayPeer relay(String job) throws IOException {
    return RelayPeer.of(agent.socket(), job);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  /** Sends in frames of 16 KiB, as relays do. */
  private static void send(RelayPeer relay, byte[] bytes, int from) throws IOException {
    for (int at = from; at < bytes.length; at += 16 << 10) {
      relay.send(0, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + (16 << 10))));
    }
  }

  @Test
  void whatARelayBringsReachesTheServerWithItsEnd() throws Exception {
    agent.start();
    try (RelayPeer relay = relay("1")) {
      assertThat(relay.open(0, BATCH, StreamKind.COMBINED)).isZero();
      relay.send(0, 0, "one\n");
      relay.send(0, 4, "two\n");
      relay.awaitAck(0, 8);
      relay.end(0, 8, 3);
      relay.awaitEndAck();
    }
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(3);
    assertThat(peer.bytes(StreamKind.COMBINED)).asString().isEqualTo("one\ntwo\n");
    assertThat(peer.greeting().user()).isEqualTo("alice");
    assertThat(peer.hasEnded(StreamKind.COMBINED)).isTrue();
    await().until(() -> agent.log.contains("job alpha/1/0 is over"));
  }

  @Test
  void frameBoundariesDoNotMatter() throws Exception {
    agent.start();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    List<Frame> frames =
        List.of(
            RelayPeer.greeting("1"),
            new Frame.OpenStream(0, 0, 0, StreamKind.STDOUT),
            new Frame.Heartbeat(),
            new Frame.Data(0, 0, 1, random(3000)));
    for (Frame frame : frames) {
      ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
      FrameCodec.write(frame, bytes);
      all.writeBytes(bytes.array());
    }
    byte[] whole = all.toByteArray();
    for (int cut : new int[] {1, 3, 11, 12, 13, 100, 2999, whole.length}) {
      try (RelayPeer relay = RelayPeer.connect(agent.socket())) {
        for (int at = 0; at < whole.length; at += cut) {
          relay.say(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + cut)));
        }
        relay.awaitAck(0, 3000);
      }
    }
    await().until(() -> peer.offset(StreamKind.STDOUT) == 3000);
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(random(3000));
  }

  @Test
  void stepsOfAJobShareOneConnectionAndTheWorstStatusCounts() throws Exception {
    agent.start();
    try (RelayPeer batch = relay("1");
        RelayPeer step = relay("1")) {
      batch.open(0, BATCH, StreamKind.STDOUT);
      step.open(0, 0, StreamKind.STDOUT);
      batch.send(0, 0, "batch\n");
      step.send(0, 0, "step\n");
      step.end(0, 5, 9);
      step.awaitEndAck();
      assertThat(peer.ends()).isZero();
      batch.end(0, 6, 1);
      batch.awaitEndAck();
    }
    assertThat(peer.awaitEnd().exitCode()).isEqualTo(9);
    assertThat(peer.connections()).isEqualTo(1);
    assertThat(peer.streams()).isEqualTo(2);
  }

  @Test
  void aLaterStepOpensTheJobAnew() throws Exception {
    agent.start();
    for (int step = 0; step < 3; step++) {
      try (RelayPeer relay = relay("1")) {
        relay.open(0, step, StreamKind.STDOUT);
        relay.send(0, 0, "step\n");
        relay.end(0, 5, 0);
        relay.awaitEndAck();
      }
      int ends = step + 1;
      await().until(() -> peer.ends() == ends);
      await().until(() -> agent.log.stream().filter(line -> line.contains("over")).count() == ends);
    }
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("step\nstep\nstep\n");
  }

  @Test
  void aRelayThatConnectsAgainGoesOnWhereTheAgentIs() throws Exception {
    agent.start();
    try (RelayPeer relay = relay("1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      relay.send(0, 0, "half");
      relay.awaitAck(0, 4);
    }
    try (RelayPeer relay = relay("1")) {
      assertThat(relay.open(0, 0, StreamKind.STDOUT)).isEqualTo(4);
      relay.send(0, 2, "lf and half\n");
      relay.end(0, 14, 0);
      relay.awaitEndAck();
    }
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("half and half\n");
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
  }

  @Test
  void aGapOfTheRelayReachesTheServerInItsPlace() throws Exception {
    agent.start();
    try (RelayPeer relay = relay("1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      relay.send(0, 0, "before");
      relay.say(new Frame.Gap(0, 6, 100, 5, Frame.GapReason.RELAY_FAILED));
      relay.send(0, 100, "after");
      relay.end(0, 105, 0);
      relay.awaitEndAck();
    }
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("beforeafter");
    assertThat(peer.gaps(StreamKind.STDOUT))
        .singleElement()
        .satisfies(gap -> {
          assertThat(gap.from()).isEqualTo(6);
          assertThat(gap.to()).isEqualTo(100);
        });
  }

  @Test
  void aNoticeIsPassedOn() throws Exception {
    agent.start();
    try (RelayPeer relay = relay("1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      relay.say(new Frame.Notice(0, 5, Frame.NoticeCode.DESTINATION_FAILED, 28));
      await().until(() -> peer.notices().size() == 1);
    }
    assertThat(peer.notices().getFirst().detail()).isEqualTo(28);
  }

  @Test
  void aServerThatIsAwayGetsEverythingLater() throws Exception {
    agent.start();
    byte[] printed = random(3_000_000);
    peer.die();
    try (RelayPeer relay = relay("1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      send(relay, printed, 0);
      relay.awaitAck(0, printed.length);
      relay.end(0, printed.length, 0);
      peer.revive();
      relay.awaitEndAck();
    }
    peer.awaitEnd();
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(printed);
  }

  @Test
  void whatTheNodesSpoolCannotHoldIsAnExactGap() throws Exception {
    agent.spool = new Allowance(500_000);
    agent.start();
    byte[] printed = random(3_000_000);
    peer.die();
    try (RelayPeer relay = relay("1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      send(relay, printed, 0);
      relay.awaitAck(0, printed.length);
      relay.end(0, printed.length, 0);
      peer.revive();
      relay.awaitEndAck();
    }
    assertThat(peer.offset(StreamKind.STDOUT)).isEqualTo(printed.length);
    assertThat(peer.gaps(StreamKind.STDOUT))
        .isNotEmpty()
        .allMatch(gap -> gap.reason() == Frame.GapReason.SERVER_AWAY);
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(withoutGaps(printed));
    await().until(() -> agent.spool.left() == 500_000);
  }

  private byte[] withoutGaps(byte[] printed) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    int at = 0;
    for (Frame.Gap gap : peer.gaps(StreamKind.STDOUT)) {
      kept.write(printed, at, (int) gap.from() - at);
      at = (int) gap.to();
    }
    kept.write(printed, at, printed.length - at);
    return kept.toByteArray();
  }

  @Test
  void aPausedServerSlowsTheRelayDownToTheFloorAndNotBelow() throws Exception {
    peer.manners.saysPause = true;
    agent.start();
    byte[] printed = random(6_000_000);
    try (RelayPeer relay = relay("1")) {
      relay.open(0, 0, StreamKind.STDOUT);
      relay.send(0, 0, Arrays.copyOf(printed, 1000));
      await().until(() -> peer.offset(StreamKind.STDOUT) == 1000);
      peer.manners.holding = true;
      Thread sending =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  send(relay, printed, 1000);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      relay.awaitAck(0, 1 << 20);
      // The ring is full: from here on 64 KiB for each 200 ms, this rig's longest hold.
      long full = relay.acknowledged(0);
      await().atMost(20, TimeUnit.SECONDS).until(() -> relay.acknowledged(0) > full + (200 << 10));
      assertThat(relay.acknowledged(0)).isLessThan(4_000_000);
      peer.manners.holding = false;
      sending.join();
      relay.awaitAck(0, printed.length);
      relay.end(0, printed.length, 0);
      relay.awaitEndAck();
    }
    assertThat(peer.gaps(StreamKind.STDOUT)).isEmpty();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(printed);
  }

  @Test
  void aRefusalForGoodIsPassedOnAndRemembered() throws Exception {
    peer.manners.refusal = new Frame.Refusal(Frame.RefusalCode.OWNER, "uid: 7 (expected: 8)");
    agent.start();
    try (RelayPeer relay = relay("1")) {
      relay.awaitClosed();
      assertThat(Objects.requireNonNull(relay.refusal()).code()).isEqualTo(Frame.RefusalCode.OWNER);
    }
    try (RelayPeer relay = relay("1")) {
      relay.awaitClosed();
      assertThat(relay.refusal()).isNotNull();
    }
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void aHundredAndTwentyEightRelaysOfAsManyJobsGetTheirTurn() throws Exception {
    agent.start();
    List<RelayPeer> relays = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      RelayPeer relay = relay("job" + i);
      relays.add(relay);
      relay.open(0, 0, StreamKind.STDOUT);
      relay.send(0, 0, random(10_000));
    }
    for (RelayPeer relay : relays) {
      relay.end(0, 10_000, 0);
    }
    for (RelayPeer relay : relays) {
      relay.awaitEndAck();
      relay.close();
    }
    await().atMost(20, TimeUnit.SECONDS).until(() -> peer.ends() == 128);
    assertThat(peer.offset(StreamKind.STDOUT)).isEqualTo(1_280_000);
  }
}
