package org.joblog.shipper.link;

import java.nio.ByteBuffer;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameType;

/**
 * What a connection is read into and written from; one after the other uses the same. Confined to
 * the link's thread.
 */
record Buffers(ByteBuffer in, ByteBuffer out) {

  /** The longest frame of a server is a refusal; two fit. */
  private static final int IN_BYTES = 4096;

  /** For a frame of data with this payload, or a greeting with the longest opt-in file. */
  static Buffers of(int payloadBytes) {
    int body =
        Math.max(FrameCodec.DATA_PREFIX_BYTES + payloadBytes, FrameType.GREETING.maxBodyBytes());
    return new Buffers(
        ByteBuffer.allocateDirect(IN_BYTES),
        ByteBuffer.allocateDirect(FrameCodec.HEADER_BYTES + body));
  }
}
