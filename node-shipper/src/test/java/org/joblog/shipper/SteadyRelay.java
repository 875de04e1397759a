package org.joblog.shipper;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/**
 * A relay with one stream, as a real agent process sees it. It comes again only when the test says
 * so, and goes on from the agent's resume point. Safe for use by many threads.
 */
final class SteadyRelay implements Closeable {

  private static final long LONGEST_SECONDS = 30;
  private static final int FRAME_BYTES = 16 << 10;
  private static final long AT = 1_790_000_000_000_000L;

  private final Path agent;
  private final Frame.Greeting greeting;
  private final int task;
  private final boolean forgets;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private @Nullable SocketChannel socket;
  private long resume = -1;
  private long acknowledged;
  private boolean ended;
  private boolean endAcknowledged;
  private Frame.@Nullable Refusal refusal;

  /**
   * A relay that is not connected yet.
   *
   * @param forgets whether it has no more what the agent has acknowledged; a real one keeps it as
   *     long as there is room
   */
  SteadyRelay(Path agent, String job, int task, boolean forgets) {
    this.agent = agent;
    this.task = task;
    this.forgets = forgets;
    greeting =
        new Frame.Greeting(
            1, "c", job, 0, "n1", "u", 1000, "name", AT, 77, new byte[0], new byte[0]);
  }

  /** Connects, and sends again what the agent does not have. */
  SteadyRelay connect() throws IOException {
    SocketChannel fresh =
        await()
            .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
            .ignoreExceptions()
            .until(() -> SocketChannel.open(UnixDomainSocketAddress.of(agent)), found -> true);
    synchronized (this) {
      socket = fresh;
      resume = -1;
    }
    Thread.ofVirtual().start(() -> listen(fresh));
    await().atMost(LONGEST_SECONDS, TimeUnit.SECONDS).until(() -> resumePoint() >= 0);
    sendAgain();
    return this;
  }

  private synchronized long resumePoint() {
    return resume;
  }

  private synchronized void sendAgain() throws IOException {
    long kept = forgets ? acknowledged : 0;
    if (resume < kept) {
      say(new Frame.Gap(0, resume, kept, AT, Frame.GapReason.RELAY_FAILED));
    }
    send(Math.max(resume, kept));
    if (ended) {
      sayEnd();
    }
  }

  private void send(long from) throws IOException {
    byte[] all = printed.toByteArray();
    for (int at = (int) from; at < all.length; at += FRAME_BYTES) {
      byte[] bytes = new byte[Math.min(FRAME_BYTES, all.length - at)];
      System.arraycopy(all, at, bytes, 0, bytes.length);
      say(new Frame.Data(0, at, AT, bytes));
    }
  }

  /** Prints a text, which the agent gets. */
  synchronized void print(String text) throws IOException {
    int from = printed.size();
    printed.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    send(from);
  }

  /** Waits until the agent has everything. */
  SteadyRelay awaitAcknowledged() {
    await()
        .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
        .until(() -> {
          synchronized (this) {
            return acknowledged == printed.size();
          }
        });
    return this;
  }

  /** The step is over. */
  synchronized void end() throws IOException {
    ended = true;
    sayEnd();
  }

  private void sayEnd() throws IOException {
    say(new Frame.EndOfStream(0, printed.size(), AT));
    say(new Frame.EndOfJob(AT, 0, 0));
  }

  /** Waits until the agent says that nothing is missing. */
  void awaitEnd() {
    await()
        .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
        .until(() -> {
          synchronized (this) {
            return endAcknowledged;
          }
        });
  }

  /** What the agent said when it sent this relay away, or null. */
  synchronized Frame.@Nullable Refusal refusal() {
    return refusal;
  }

  synchronized byte[] printed() {
    return printed.toByteArray();
  }

  private void listen(SocketChannel from) {
    try (from) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(from));
      while (true) {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(FrameCodec.HEADER_BYTES));
        if (header.remaining() < FrameCodec.HEADER_BYTES) {
          return;
        }
        FrameHeader head = FrameCodec.readHeader(header, WireLimits.MAX_BODY_BYTES);
        hear(FrameCodec.readBody(head, ByteBuffer.wrap(in.readNBytes(head.bodyBytes()))));
      }
    } catch (IOException | ProtocolException e) {
      // The agent is gone, or what waits for an answer says so.
    }
  }

  private synchronized void hear(Frame frame) throws IOException {
    switch (frame) {
      case Frame.Challenge _ -> say(greeting);
      case Frame.Welcome _ -> say(new Frame.OpenStream(0, 0, task, StreamKind.STDOUT));
      case Frame.ResumePoint(_, long offset) -> resume = offset;
      case Frame.Ack(_, long offset) -> acknowledged = Math.max(acknowledged, offset);
      case Frame.Heartbeat _ -> say(new Frame.Heartbeat());
      case Frame.EndAck _ -> endAcknowledged = true;
      case Frame.Refusal away -> refusal = away;
      default -> {}
    }
  }

  private synchronized void say(Frame frame) throws IOException {
    SocketChannel to = socket;
    if (to == null) {
      throw new IOException("not connected");
    }
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    bytes.flip();
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  /** Is gone, with its step. */
  synchronized void vanish() throws IOException {
    close();
  }

  @Override
  public synchronized void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
  }
}
