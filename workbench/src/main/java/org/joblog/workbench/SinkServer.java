package org.joblog.workbench;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.FrameType;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;

/**
 * A server that acknowledges everything at once and keeps nothing: what is measured against it is
 * the shipper alone. Safe for use by many threads.
 */
public final class SinkServer implements Closeable {

  private static final int HEARTBEAT_MILLIS = 10_000;

  private final ServerSocketChannel listening;
  private final AtomicLong bytes = new AtomicLong();

  public SinkServer() throws IOException {
    listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofPlatform().daemon().name("sink-accept").start(this::accept);
  }

  public String address() throws IOException {
    return "127.0.0.1:" + ((InetSocketAddress) listening.getLocalAddress()).getPort();
  }

  /** Bytes of output received. */
  public long bytes() {
    return bytes.get();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = listening.accept();
        Thread.ofPlatform().daemon().name("sink").start(() -> serve(connection));
      }
    } catch (IOException closed) {
      // The benchmark is over.
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(connection));
      OutputStream out = Channels.newOutputStream(connection);
      say(out, new Frame.Challenge(1, 1, new byte[WireLimits.NONCE_BYTES]));
      ByteBuffer body = ByteBuffer.allocate(WireLimits.MAX_BODY_BYTES);
      byte[] header = new byte[FrameCodec.HEADER_BYTES];
      while (true) {
        in.readFully(header);
        FrameHeader head =
            FrameCodec.readHeader(ByteBuffer.wrap(header), WireLimits.MAX_BODY_BYTES);
        in.readFully(body.array(), 0, head.bodyBytes());
        answer(head, body.clear().limit(head.bodyBytes()), out);
      }
    } catch (IOException | ProtocolException e) {
      // The shipper has gone.
    }
  }

  /** Data is only counted: checking and copying it is the real server's work. */
  private void answer(FrameHeader head, ByteBuffer body, OutputStream out)
      throws IOException, ProtocolException {
    if (head.type() == FrameType.DATA) {
      int length = body.remaining() - FrameCodec.DATA_PREFIX_BYTES;
      bytes.addAndGet(length);
      say(out, new Frame.Ack(body.getInt(0), body.getLong(Integer.BYTES) + length));
      return;
    }
    switch (FrameCodec.readBody(head, body)) {
      case Frame.Greeting _ ->
          say(out, new Frame.Welcome(1, WireLimits.MAX_BODY_BYTES, HEARTBEAT_MILLIS));
      case Frame.OpenStream open -> say(out, new Frame.ResumePoint(open.stream(), 0));
      case Frame.EndOfJob _ -> say(out, new Frame.EndAck());
      case Frame.Heartbeat _ -> say(out, new Frame.Heartbeat());
      default -> {}
    }
  }

  private static void say(OutputStream out, Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    out.write(bytes.array());
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
