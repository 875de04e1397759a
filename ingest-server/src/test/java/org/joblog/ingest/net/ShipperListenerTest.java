package org.joblog.ingest.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.joblog.ingest.command.CommandLimits;
import org.joblog.ingest.command.CommandReader;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.lane.Clock;
import org.joblog.ingest.lane.LaneLimits;
import org.joblog.ingest.lane.LaneMeter;
import org.joblog.ingest.lane.LaneParts;
import org.joblog.ingest.lane.Lanes;
import org.joblog.ingest.lane.MemoryStore;
import org.joblog.ingest.lane.RouteTools;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.repeat.FoldLimits;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShipperListenerTest {

  private static final byte[] NO_SECRET = {};

  /** Longer than a busy machine makes a sender wait for its turn. */
  private static final Duration PATIENT = Duration.ofSeconds(20);

  private static final NetLimits QUICK = limits(PATIENT, PATIENT);

  private static NetLimits limits(Duration greeting, Duration silence) {
    return new NetLimits(
        64 * 1024,
        4,
        256 * 1024,
        128 * 1024,
        128 * 1024,
        greeting,
        Duration.ofMillis(200),
        silence,
        Duration.ofMillis(50),
        Duration.ofMillis(100));
  }

  private final MemoryStore store = new MemoryStore();
  private final Lanes lanes =
      new Lanes(1, new LaneParts(LaneLimits.DEFAULT, tools(), Clock.SYSTEM, LaneMeter.NONE), store);
  private ShipperListener listener;

  private ShipperListener start(byte[] secret, NetLimits limits) throws IOException {
    NetSettings settings =
        new NetSettings(
            new InetSocketAddress("127.0.0.1", 0), 1, secret, Set.of("c"), null, limits);
    listener = ShipperListener.start(settings, lanes, NetMeter.NONE);
    return listener;
  }

  private ShipperListener start() throws IOException {
    return start(NO_SECRET, NetLimits.DEFAULT);
  }

  @AfterEach
  void stop() {
    listener.close();
    lanes.close();
  }

  @Test
  void carriesAJobFromGreetingToTheLastAcknowledgement() throws IOException {
    try (RawSender sender = new RawSender(start().address())) {
      assertThat(sender.greet("1", NO_SECRET)).isInstanceOf(Frame.Welcome.class);
      assertThat(sender.open(0, 0)).isZero();
      sender.data(0, 0, "hello\n");
      assertThat(sender.receive()).isEqualTo(new Frame.Ack(0, 6));
      sender.send(new Frame.EndOfStream(0, 6, 2));
      sender.send(new Frame.EndOfJob(3, 7, 0));
      Frame next = sender.receive();
      while (next instanceof Frame.Ack) {
        next = sender.receive();
      }
      assertThat(next).isInstanceOf(Frame.EndAck.class);
    }
    assertThat(store.allLogs()).containsExactly("hello");
  }

  @Test
  void takesFramesCutAtEveryByte() throws IOException {
    try (RawSender sender = new RawSender(start().address())) {
      sender.socket().setTcpNoDelay(true);
      Frame challenge = sender.receive();
      assertThat(challenge).isInstanceOf(Frame.Challenge.class);
      for (byte one : RawSender.bytes(RawSender.greeting("1"))) {
        sender.send(new byte[] {one});
      }
      assertThat(sender.receive()).isInstanceOf(Frame.Welcome.class);
      sender.open(0, 0);
      for (byte one :
          RawSender.bytes(new Frame.Data(0, 0, 1, "cut\n".getBytes(StandardCharsets.UTF_8)))) {
        sender.send(new byte[] {one});
      }
      assertThat(sender.receive()).isEqualTo(new Frame.Ack(0, 4));
    }
  }

  @Test
  void holdsNoBufferAfterAConnectionIsCutAtAnyByteOfAFrame() throws IOException {
    start();
    byte[] frame = RawSender.bytes(RawSender.greeting("1"));
    for (int cut = 0; cut < frame.length; cut += 3) {
      try (RawSender sender = new RawSender(listener.address())) {
        sender.receive();
        byte[] part = new byte[cut];
        System.arraycopy(frame, 0, part, 0, cut);
        sender.send(part);
      }
    }
    await()
        .untilAsserted(() ->
            assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory())
                .as("bytes pinned")
                .isZero());
  }

  @Test
  void refusesAGreetingWithoutTheClustersSecret() throws IOException {
    byte[] secret = "a secret of the cluster".getBytes(StandardCharsets.UTF_8);
    start(secret, NetLimits.DEFAULT);
    try (RawSender good = new RawSender(listener.address());
        RawSender bad = new RawSender(listener.address());
        RawSender without = new RawSender(listener.address())) {
      assertThat(good.greet("1", secret)).isInstanceOf(Frame.Welcome.class);
      assertRefused(bad.greet("1", "another".getBytes(StandardCharsets.UTF_8)), RefusalCode.PROOF);
      assertRefused(without.greet("1", NO_SECRET), RefusalCode.PROOF);
      assertThat(bad.closed()).isTrue();
    }
  }

  @Test
  void refusesAFrameThatIsNotDueAndNamesIt() throws IOException {
    try (RawSender sender = new RawSender(start().address())) {
      sender.receive();
      sender.send(new Frame.Heartbeat());
      Frame.Refusal refusal = (Frame.Refusal) sender.receive();
      assertThat(refusal.code()).isEqualTo(RefusalCode.PROTOCOL);
      assertThat(refusal.message()).contains("Heartbeat").contains("expected: Greeting");
    }
  }

  @Test
  void refusesRubbishWithoutHarmToOthers() throws IOException {
    try (RawSender good = new RawSender(start().address());
        RawSender bad = new RawSender(listener.address())) {
      good.greet("1", NO_SECRET);
      good.open(0, 0);
      bad.receive();
      bad.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(bad.receive()).isInstanceOf(Frame.Refusal.class);
      assertThat(bad.closed()).isTrue();
      good.data(0, 0, "fine\n");
      assertThat(good.receive()).isEqualTo(new Frame.Ack(0, 5));
    }
  }

  @Test
  void closesAConnectionThatDoesNotGreetInTime() throws IOException {
    NetLimits hasty = limits(Duration.ofMillis(400), PATIENT);
    try (RawSender sender = new RawSender(start(NO_SECRET, hasty).address())) {
      assertThat(sender.closed()).isTrue();
    }
  }

  @Test
  void keepsAQuietConnectionByHeartbeatsAndGivesUpASilentOne() throws IOException {
    NetLimits hasty = limits(PATIENT, Duration.ofSeconds(3));
    try (RawSender sender = new RawSender(start(NO_SECRET, hasty).address())) {
      sender.greet("1", NO_SECRET);
      assertThat(sender.receiveAny()).isInstanceOf(Frame.Heartbeat.class);
      assertThat(sender.closed()).isTrue();
    }
  }

  @Test
  void refusesConnectionsBeyondTheCapAndLetsThemComeAgain() throws IOException {
    start(NO_SECRET, QUICK);
    try (RawSender first = new RawSender(listener.address());
        RawSender second = new RawSender(listener.address());
        RawSender third = new RawSender(listener.address());
        RawSender fourth = new RawSender(listener.address());
        RawSender fifth = new RawSender(listener.address())) {
      assertThat(first.receive()).isInstanceOf(Frame.Challenge.class);
      assertThat(second.receive()).isInstanceOf(Frame.Challenge.class);
      assertThat(third.receive()).isInstanceOf(Frame.Challenge.class);
      assertThat(fourth.receive()).isInstanceOf(Frame.Challenge.class);
      assertRefused(fifth.receive(), RefusalCode.FULL);
    }
  }

  @Test
  void stopsReadingWhileTheStoreIsAwayAndDeliversEverythingAfterwards() throws Exception {
    start(NO_SECRET, QUICK);
    int lines = 1_000_000;
    try (RawSender sender = new RawSender(listener.address())) {
      sender.greet("1", NO_SECRET);
      sender.open(0, 0);
      store.away = true;
      Thread flood = Thread.ofPlatform().start(() -> flood(sender, lines));
      Frame told = sender.receive();
      assertThat(told).isEqualTo(new Frame.Pause(PauseReason.STORE));
      assertThat(listener.queuedBytes()).isLessThan(512 * 1024);
      assertThat(flood.isAlive()).as("the sender waits").isTrue();
      store.away = false;
      long acknowledged = 0;
      while (acknowledged < 10L * lines) {
        if (sender.receive() instanceof Frame.Ack ack) {
          acknowledged = ack.offset();
        }
      }
      flood.join();
    }
    await().untilAsserted(() -> assertThat(listener.queuedBytes()).isZero());
    await().untilAsserted(() -> assertThat(store.allLogs()).hasSize(lines));
    assertThat(store.allLogs()).isSorted();
  }

  private static void flood(RawSender sender, int lines) {
    try {
      StringBuilder text = new StringBuilder();
      long offset = 0;
      for (int line = 0; line < lines; line++) {
        text.append("%09d\n".formatted(line));
        if (line % 500 == 499) {
          sender.data(0, offset, text.toString());
          offset += text.length();
          text.setLength(0);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void saysGoodbyeWhenItStops() throws IOException {
    try (RawSender sender = new RawSender(start().address())) {
      sender.greet("1", NO_SECRET);
      listener.close();
      assertThat(sender.receive()).isInstanceOf(Frame.Goodbye.class);
      assertThat(sender.closed()).isTrue();
    }
  }

  private static void assertRefused(Frame frame, RefusalCode code) {
    assertThat(frame)
        .isInstanceOfSatisfying(
            Frame.Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static RouteTools tools() {
    return new RouteTools(
        ConsoleLimits.DEFAULTS,
        FoldLimits.DEFAULTS,
        MetadataLimits.DEFAULT,
        new CommandReader(CommandLimits.DEFAULT),
        new RecordReader(MetadataLimits.DEFAULT));
  }
}
