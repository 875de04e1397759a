package org.joblog.shipper.link;

import java.nio.ByteBuffer;
import org.joblog.schema.wire.FrameCodec;

/**
 * What a connection is read into and written from; one after the other uses the same. Confined to
 * the link's thread.
 */
record Buffers(ByteBuffer in, ByteBuffer out) {

  /** The longest frame of a server is a refusal; two fit. */
  private static final int IN_BYTES = 4096;

  /** For a frame of data with this payload; a longer greeting gets room of its own, once. */
  static Buffers of(int payloadBytes) {
    return new Buffers(
        ByteBuffer.allocateDirect(IN_BYTES),
        ByteBuffer.allocateDirect(
            FrameCodec.HEADER_BYTES + FrameCodec.DATA_PREFIX_BYTES + payloadBytes));
  }
}
