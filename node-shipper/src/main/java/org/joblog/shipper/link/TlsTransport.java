package org.joblog.shipper.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * Bytes inside TLS, on a connection that never waits. Handshake and data share the same four
 * buffers: what came encrypted and decrypted, and what is to go. Confined to the link's thread.
 */
final class TlsTransport implements Transport {

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer arrived;
  private final ByteBuffer decrypted;
  private final ByteBuffer leaving;
  private boolean ended;

  TlsTransport(SocketChannel channel, SSLEngine engine) throws SSLException {
    this.channel = channel;
    this.engine = engine;
    arrived = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
    decrypted = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
    leaving = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize()).limit(0);
    engine.beginHandshake();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (!decrypted.hasRemaining()) {
      runTasks();
      if (!unwrap() && !flushHandshake()) {
        return ended ? -1 : 0;
      }
    }
    int length = Math.min(into.remaining(), decrypted.remaining());
    into.put(into.position(), decrypted, decrypted.position(), length);
    into.position(into.position() + length);
    decrypted.position(decrypted.position() + length);
    return length;
  }

  /** Decrypts one record; whether there was a whole one. */
  private boolean unwrap() throws IOException {
    if (!ended && channel.read(arrived) < 0) {
      ended = true;
    }
    arrived.flip();
    decrypted.clear();
    SSLEngineResult result = engine.unwrap(arrived, decrypted);
    decrypted.flip();
    arrived.compact();
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      ended = true;
    }
    return result.bytesConsumed() > 0
        || result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    flushHandshake();
    while (from.hasRemaining() && !leaving.hasRemaining() && !isHandshaking()) {
      wrap(from);
      flush();
    }
  }

  /** Sends what the handshake has to say, as far as it goes now; whether it said something. */
  private boolean flushHandshake() throws IOException {
    boolean said = false;
    runTasks();
    flush();
    while (!leaving.hasRemaining()
        && engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
      wrap(ByteBuffer.allocate(0));
      flush();
      runTasks();
      said = true;
    }
    return said;
  }

  private void wrap(ByteBuffer from) throws IOException {
    leaving.clear();
    SSLEngineResult result = engine.wrap(from, leaving);
    leaving.flip();
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new SSLException("TLS was closed");
    }
  }

  private void flush() throws IOException {
    if (leaving.hasRemaining()) {
      channel.write(leaving);
    }
  }

  private boolean isHandshaking() {
    return engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
  }

  /** Checking certificates takes milliseconds; the link has nothing else to do meanwhile. */
  private void runTasks() {
    while (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
      Runnable task = engine.getDelegatedTask();
      if (task == null) {
        return;
      }
      task.run();
    }
  }

  @Override
  public boolean wantsToWrite() {
    return leaving.hasRemaining();
  }

  @Override
  public void close() throws IOException {
    try {
      engine.closeOutbound();
      if (!leaving.hasRemaining()) {
        wrap(ByteBuffer.allocate(0));
        flush();
      }
    } catch (IOException ignored) {
      // The other side may have gone without a word.
    } finally {
      channel.close();
    }
  }
}
