package org.joblog.ingest.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream of a connection into frames: first the header, whose length is checked
 * before anything is allocated, then the body. Between two frames it asks whether more may be
 * taken; if not, bytes stay where they are until {@link #resume}. Confined to its connection's
 * event loop.
 */
final class FrameDecoder extends ByteToMessageDecoder {

  /** Whether another frame may be taken now. */
  interface Gate {

    /** Asked before each frame; closes itself if there is no room. */
    boolean open();

    /** Whether the connection is to be read at all. */
    boolean reading();
  }

  private final int maxBodyBytes;
  private final Gate gate;
  private @Nullable FrameHeader header;
  private @Nullable ChannelHandlerContext context;

  FrameDecoder(int maxBodyBytes, Gate gate) {
    this.maxBodyBytes = maxBodyBytes;
    this.gate = gate;
    // What was taken gives its room back after every read: by default a connection that is never
    // quite empty keeps 16 reads, and a buffer of some MiB that no budget knows of.
    setDiscardAfterReads(1);
  }

  /** The gate has opened: takes the frames that are waiting. */
  void resume() throws Exception {
    if (context != null && !context.isRemoved()) {
      channelRead(context, Unpooled.EMPTY_BUFFER);
      context.fireChannelReadComplete();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /**
   * A decoder that has made no message asks for more bytes, also where nobody wants them: while the
   * gate is shut that would read on and on into memory that no budget knows of.
   */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (gate.reading()) {
      super.channelReadComplete(ctx);
    } else {
      discardSomeReadBytes();
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws ProtocolException {
    if (header == null && !readHeader(in)) {
      return;
    }
    readBody(in, out);
  }

  private boolean readHeader(ByteBuf in) throws ProtocolException {
    if (in.readableBytes() < FrameCodec.HEADER_BYTES || !gate.open()) {
      return false;
    }
    header =
        FrameCodec.readHeader(
            in.nioBuffer(in.readerIndex(), FrameCodec.HEADER_BYTES), maxBodyBytes);
    in.skipBytes(FrameCodec.HEADER_BYTES);
    return true;
  }

  private void readBody(ByteBuf in, List<Object> out) throws ProtocolException {
    FrameHeader known = header;
    if (known == null || in.readableBytes() < known.bodyBytes()) {
      return;
    }
    ByteBuffer body = in.nioBuffer(in.readerIndex(), known.bodyBytes());
    header = null;
    out.add(FrameCodec.readBody(known, body));
    in.skipBytes(known.bodyBytes());
  }
}
