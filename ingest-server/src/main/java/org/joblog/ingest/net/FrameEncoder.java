package org.joblog.ingest.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.nio.ByteBuffer;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;

/** Writes frames as bytes. Safe for use by many threads. */
@ChannelHandler.Sharable
final class FrameEncoder extends MessageToByteEncoder<Frame> {

  FrameEncoder() {
    super(Frame.class);
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, Frame frame, ByteBuf out) {
    int bytes = FrameCodec.encodedBytes(frame);
    out.ensureWritable(bytes);
    ByteBuffer target = out.nioBuffer(out.writerIndex(), bytes);
    FrameCodec.write(frame, target);
    out.writerIndex(out.writerIndex() + bytes);
  }
}
