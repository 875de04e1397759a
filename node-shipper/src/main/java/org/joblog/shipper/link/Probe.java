package org.joblog.shipper.link;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.FrameType;
import org.joblog.schema.wire.ProtocolException;

/**
 * One try to reach the server, up to its first word: name, connection, TLS handshake, challenge. It
 * says nothing, and so opens no job. Confined to its thread.
 */
public final class Probe implements AutoCloseable {

  private final Selector selector = Selector.open();
  private final long until;

  private Probe(Duration patience) throws IOException {
    until = System.nanoTime() + patience.toNanos();
  }

  /**
   * Waits until the server has said its first word.
   *
   * @throws IOException if it does not, with the reason
   */
  public static void reach(
      ServerAddress server, Link.TransportFactory transports, Duration patience)
      throws IOException {
    try (Probe probe = new Probe(patience);
        SocketChannel channel = SocketChannel.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(probe.selector, SelectionKey.OP_CONNECT);
      boolean connected = channel.connect(server.resolve());
      while (!connected) {
        probe.await("no answer to connecting");
        connected = channel.finishConnect();
      }
      try (Transport transport = transports.over(channel, server)) {
        probe.hear(transport, key);
      }
    }
  }

  private void hear(Transport transport, SelectionKey key) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(FrameCodec.HEADER_BYTES);
    ByteBuffer nothing = ByteBuffer.allocate(0);
    while (header.hasRemaining()) {
      int n = transport.read(header);
      if (n < 0) {
        throw new EOFException("closed by the server");
      }
      transport.write(nothing);
      if (n == 0) {
        key.interestOps(
            SelectionKey.OP_READ | (transport.wantsToWrite() ? SelectionKey.OP_WRITE : 0));
        await("connected, and not a word");
      }
    }
    requireChallenge(header.flip());
  }

  private static void requireChallenge(ByteBuffer bytes) throws IOException {
    try {
      FrameHeader header = FrameCodec.readHeader(bytes, FrameType.CHALLENGE.maxBodyBytes());
      if (header.type() != FrameType.CHALLENGE) {
        throw new IOException("first word: " + header.type() + " (expected: CHALLENGE)");
      }
    } catch (ProtocolException e) {
      throw new IOException("its first word is none of joblog's: " + e.getMessage(), e);
    }
  }

  private void await(String otherwise) throws IOException {
    long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException(otherwise);
    }
    selector.select(millis);
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
