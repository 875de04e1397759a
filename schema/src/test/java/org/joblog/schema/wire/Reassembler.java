package org.joblog.schema.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins pieces of a byte stream into frames. Confined to one thread. */
final class Reassembler {

  private final ByteBuffer buffer = ByteBuffer.allocate(2 * WireLimits.MAX_BODY_BYTES);
  private final List<Frame> frames = new ArrayList<>();
  private @Nullable FrameHeader header;

  void add(ByteBuffer piece) throws ProtocolException {
    buffer.put(piece);
    buffer.flip();
    while (step()) {}
    buffer.compact();
  }

  /** Whether it made progress. */
  private boolean step() throws ProtocolException {
    FrameHeader open = header;
    if (open == null) {
      if (buffer.remaining() < FrameCodec.HEADER_BYTES) {
        return false;
      }
      header = FrameCodec.readHeader(buffer, WireLimits.MAX_BODY_BYTES);
      return true;
    }
    if (buffer.remaining() < open.bodyBytes()) {
      return false;
    }
    frames.add(FrameCodec.readBody(open, buffer));
    header = null;
    return true;
  }

  List<Frame> frames() {
    return frames;
  }

  /** Whether no half frame is left over. */
  boolean isAtRest() {
    return header == null && buffer.position() == 0;
  }
}
