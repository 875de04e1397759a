package org.joblog.shipper;

import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/**
 * A relay as a test wants it: it says what it is told to say, and remembers what it hears. Confined
 * to the test's thread, but for its reader.
 */
final class RelayPeer implements AutoCloseable {

  private static final long AT = 1_700_000_000_000_000L;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SocketChannel channel;
  private final Map<Integer, Long> resumes = new ConcurrentHashMap<>();
  private final Map<Integer, Long> acks = new ConcurrentHashMap<>();
  private volatile boolean challenged;
  private volatile boolean welcomed;
  private volatile boolean endAcknowledged;
  private volatile boolean closed;
  private volatile int heartbeats;
  private volatile Frame.@Nullable Refusal refusal;
  private volatile Frame.@Nullable Goodbye goodbye;

  private RelayPeer(SocketChannel channel) {
    this.channel = channel;
    Thread.ofVirtual().start(this::listen);
  }

  /** Connects, and says nothing. */
  static RelayPeer connect(Path socket) {
    return new RelayPeer(
        soon()
            .ignoreExceptionsInstanceOf(SocketException.class)
            .until(
                () -> SocketChannel.open(UnixDomainSocketAddress.of(socket)),
                SocketChannel::isConnected));
  }

  /** Connects and greets for a job. */
  static RelayPeer of(Path socket, String job) throws IOException {
    RelayPeer relay = connect(socket);
    relay.greet(job);
    return relay;
  }

  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(PATIENCE);
  }

  void greet(String job) throws IOException {
    soon().until(() -> challenged);
    say(greeting(job));
    soon().until(() -> welcomed || refusal != null || closed);
  }

  static Frame.Greeting greeting(String job) {
    byte[] optIn = "mode: enabled\n".getBytes(StandardCharsets.UTF_8);
    return new Frame.Greeting(
        1, "alpha", job, 0, "n1", "alice", 1001, "train", AT, job.hashCode(), optIn, new byte[0]);
  }

  /** Opens a stream of a step; returns from where to go on. */
  long open(int stream, long step, StreamKind kind) throws IOException {
    say(new Frame.OpenStream(stream, step, 0, kind));
    soon().until(() -> resumes.containsKey(stream) || closed);
    return resumes.getOrDefault(stream, -1L);
  }

  void send(int stream, long offset, String text) throws IOException {
    send(stream, offset, text.getBytes(StandardCharsets.UTF_8));
  }

  void send(int stream, long offset, byte[] bytes) throws IOException {
    say(new Frame.Data(stream, offset, AT + offset, bytes));
  }

  /** Says that it has lost bytes. */
  void gap(int stream, long from, long to) throws IOException {
    say(new Frame.Gap(stream, from, to, AT, Frame.GapReason.RELAY_FAILED));
  }

  /** Says that a stream and the step are over. */
  void end(int stream, long length, int exitCode) throws IOException {
    say(new Frame.EndOfStream(stream, length, AT));
    say(new Frame.EndOfJob(AT, exitCode, 0));
  }

  void say(Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    say(bytes.array());
  }

  void say(byte[] raw) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(raw);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  long acknowledged(int stream) {
    return acks.getOrDefault(stream, 0L);
  }

  void awaitAck(int stream, long offset) {
    soon().until(() -> acknowledged(stream) >= offset);
  }

  void awaitEndAck() {
    soon().until(() -> endAcknowledged);
  }

  void awaitClosed() {
    soon().until(() -> closed);
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether the agent has let it in. */
  boolean isChallenged() {
    return challenged;
  }

  boolean isEndAcknowledged() {
    return endAcknowledged;
  }

  int heartbeats() {
    return heartbeats;
  }

  Frame.@Nullable Refusal refusal() {
    return refusal;
  }

  Frame.@Nullable Goodbye goodbye() {
    return goodbye;
  }

  private void listen() {
    try (DataInputStream in = new DataInputStream(Channels.newInputStream(channel))) {
      while (true) {
        byte[] head = new byte[FrameCodec.HEADER_BYTES];
        in.readFully(head);
        FrameHeader header =
            FrameCodec.readHeader(ByteBuffer.wrap(head), WireLimits.MAX_BODY_BYTES);
        byte[] body = new byte[header.bodyBytes()];
        in.readFully(body);
        hear(FrameCodec.readBody(header, ByteBuffer.wrap(body)));
      }
    } catch (IOException | ProtocolException e) {
      closed = true;
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the reader writes
  private void hear(Frame frame) {
    switch (frame) {
      case Frame.Challenge _ -> challenged = true;
      case Frame.Welcome _ -> welcomed = true;
      case Frame.ResumePoint(int stream, long offset) -> resumes.put(stream, offset);
      case Frame.Ack(int stream, long offset) -> acks.merge(stream, offset, Math::max);
      case Frame.EndAck _ -> endAcknowledged = true;
      case Frame.Heartbeat _ -> heartbeats++;
      case Frame.Refusal no -> refusal = no;
      case Frame.Goodbye bye -> goodbye = bye;
      default -> throw new AssertionError("from an agent: " + frame);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
