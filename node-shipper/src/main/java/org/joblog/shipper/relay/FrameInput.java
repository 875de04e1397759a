package org.joblog.shipper.relay;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.FrameType;
import org.joblog.schema.wire.FrameType.Side;
import org.joblog.schema.wire.ProtocolException;

/**
 * Frames of a shipper from a channel that waits, in whatever pieces they come. Confined to its
 * reader's thread.
 */
final class FrameInput {

  /** For what a relay says that prints a few lines a second; it is all that a quiet one keeps. */
  private static final int SMALL_BYTES = 1024;

  private final ReadableByteChannel channel;
  private final int bodyBytes;
  private final Side sender;
  private final Runnable onBytes;
  private final ByteBuffer small = ByteBuffer.allocate(SMALL_BYTES);
  private ByteBuffer in = small.flip();

  /**
   * Frames from here on.
   *
   * @param bodyBytes longest body of all frames but a greeting
   * @param onBytes called when something has come
   */
  FrameInput(ReadableByteChannel channel, int bodyBytes, Runnable onBytes) {
    this(channel, bodyBytes, Side.SHIPPER, onBytes);
  }

  private FrameInput(ReadableByteChannel channel, int bodyBytes, Side sender, Runnable onBytes) {
    this.sender = sender;
    this.channel = channel;
    this.bodyBytes = bodyBytes;
    this.onBytes = onBytes;
  }

  /** Frames of a file that an agent has written. */
  static FrameInput ofFile(ReadableByteChannel file, int bodyBytes) {
    return new FrameInput(file, bodyBytes, Side.EITHER, () -> {});
  }

  /**
   * The next frame.
   *
   * @throws EOFException if there is no more
   * @throws ProtocolException if it is none that a shipper may send
   */
  Frame next() throws IOException, ProtocolException {
    require(FrameCodec.HEADER_BYTES);
    FrameType type = FrameCodec.readHeader(in.duplicate(), Integer.MAX_VALUE).type();
    FrameHeader header =
        FrameCodec.readHeader(in, type == FrameType.GREETING ? Integer.MAX_VALUE : bodyBytes);
    if (sender != Side.EITHER && !type.maySend(sender)) {
      throw new ProtocolException(
          RefusalCode.PROTOCOL, "frame: " + type + " (expected: one that a shipper sends)");
    }
    require(header.bodyBytes());
    return FrameCodec.readBody(header, in);
  }

  private void require(int bytes) throws IOException {
    if (in.remaining() >= bytes) {
      return;
    }
    makeRoom(bytes);
    while (in.position() < bytes) {
      if (channel.read(in) < 0) {
        throw new EOFException("closed");
      }
      onBytes.run();
    }
    in.flip();
  }

  /** A buffer for longest frames comes when it is needed, and goes when nothing is left in it. */
  private void makeRoom(int bytes) {
    if (bytes > in.capacity()) {
      in = ByteBuffer.allocate(Math.max(bytes, FrameCodec.HEADER_BYTES + bodyBytes)).put(in);
    } else if (in.hasRemaining() || bytes > SMALL_BYTES) {
      in.compact();
    } else {
      in = small.clear();
    }
  }
}
