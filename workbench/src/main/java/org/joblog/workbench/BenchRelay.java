package org.joblog.workbench;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;

/**
 * A relay of a job step with one stream, as the node's agent sees it: it keeps nothing, and stops
 * when the socket is full. Safe for use by many threads.
 */
final class BenchRelay implements Closeable {

  private static final long LONGEST_SECONDS = 120;

  private final SocketChannel socket;
  private final CountDownLatch flowing = new CountDownLatch(1);
  private final CountDownLatch stored = new CountDownLatch(1);
  private final Frame.Greeting greeting;
  private final int task;
  private volatile int heartbeatMillis;
  private long offset;

  /**
   * Connects and greets.
   *
   * @param job id of its job; relays of one job share a connection to the server
   * @param source of the job on this node
   */
  BenchRelay(Path agent, String job, long source, int task) throws IOException {
    this.task = task;
    socket = SocketChannel.open(StandardProtocolFamily.UNIX);
    socket.connect(UnixDomainSocketAddress.of(agent));
    greeting =
        new Frame.Greeting(
            WireLimits.VERSION,
            "bench",
            job,
            0,
            "n1",
            "bench",
            1000,
            "bench",
            nowMicros(),
            source,
            new byte[0],
            new byte[0]);
    Thread.ofVirtual().name("relay " + task).start(this::listen);
  }

  /** Waits until bytes may be sent. */
  BenchRelay awaitFlowing() throws IOException, InterruptedException {
    if (!flowing.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("no resume point came in " + LONGEST_SECONDS + " s");
    }
    return this;
  }

  private void listen() {
    try {
      DataInputStream in = new DataInputStream(Channels.newInputStream(socket));
      byte[] header = new byte[FrameCodec.HEADER_BYTES];
      while (true) {
        in.readFully(header);
        FrameHeader head =
            FrameCodec.readHeader(ByteBuffer.wrap(header), WireLimits.MAX_BODY_BYTES);
        hear(FrameCodec.readBody(head, ByteBuffer.wrap(in.readNBytes(head.bodyBytes()))));
      }
    } catch (IOException | ProtocolException e) {
      // The benchmark is over, or what waits for an answer says so.
    }
  }

  private void hear(Frame frame) throws IOException {
    switch (frame) {
      case Frame.Challenge _ -> say(greeting);
      case Frame.Welcome welcome -> {
        heartbeatMillis = welcome.heartbeatMillis();
        say(new Frame.OpenStream(0, 0, task, StreamKind.STDOUT));
      }
      case Frame.ResumePoint _ -> flowing.countDown();
      case Frame.EndAck _ -> stored.countDown();
      case Frame.Refusal refusal ->
          throw new IOException("refused: " + refusal.code() + ", " + refusal.message());
      default -> {}
    }
  }

  /** Sends bytes of the stream; waits as long as the agent does not read. */
  synchronized void print(byte[] bytes) throws IOException {
    say(new Frame.Data(0, offset, nowMicros(), bytes));
    offset += bytes.length;
  }

  /** How often the agent wants to hear something; known once bytes may be sent. */
  int heartbeatMillis() {
    return heartbeatMillis;
  }

  void beat() throws IOException {
    say(new Frame.Heartbeat());
  }

  /** Ends stream and command, and waits until the agent has sent everything on. */
  void end() throws IOException, InterruptedException {
    synchronized (this) {
      say(new Frame.EndOfStream(0, offset, nowMicros()));
      say(new Frame.EndOfJob(nowMicros(), 0, 0));
    }
    if (!stored.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("no end was acknowledged in " + LONGEST_SECONDS + " s");
    }
  }

  private synchronized void say(Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    bytes.flip();
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  private static long nowMicros() {
    return System.currentTimeMillis() * 1000;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
