package org.joblog.shipper.link;

import java.nio.ByteBuffer;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.shipper.window.Piece;
import org.joblog.shipper.window.StreamName;
import org.joblog.shipper.window.StreamWindow;

/**
 * One stream on the wire: turns pieces of the window into frames. Lives as long as the process,
 * over all connections. Confined to the link's thread.
 */
final class StreamSender {

  private final int number;
  private final StreamWindow window;
  private final int payloadBytes;

  private boolean flowing;
  private boolean ended;

  StreamSender(int number, StreamWindow window, int payloadBytes) {
    this.number = number;
    this.window = window;
    this.payloadBytes = payloadBytes;
  }

  Frame.OpenStream open() {
    StreamName name = window.name();
    return new Frame.OpenStream(number, name.step(), name.task(), name.kind());
  }

  /** A new connection: nothing is sent before the server says from where. */
  void reset() {
    flowing = false;
    ended = false;
  }

  /** Whether the end was said on this connection. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * The server says from where to go on.
   *
   * @throws IllegalArgumentException if that is not possible
   */
  void resume(long offset) {
    if (flowing) {
      throw new IllegalArgumentException("resume point: " + offset + " (expected: only one)");
    }
    window.rewind(offset);
    flowing = true;
  }

  /**
   * The server has committed everything before this offset.
   *
   * @throws IllegalArgumentException if so much was not sent
   */
  void acknowledge(long offset) {
    if (!flowing) {
      throw new IllegalArgumentException(
          "acknowledgement for stream " + number + " (expected: a resume point before it)");
    }
    window.acknowledge(offset);
  }

  /**
   * Writes the next frame, if there is something to send.
   *
   * @param maxBodyBytes longest body that the server takes
   * @param out room for any frame of this size
   * @return whether it wrote something
   */
  boolean writeNext(int maxBodyBytes, ByteBuffer out) {
    if (!flowing || ended) {
      return false;
    }
    ByteBuffer payload = payloadOf(out, maxBodyBytes);
    return switch (window.take(payload)) {
      case Piece.Nothing _ -> false;
      case Piece.Bytes(long offset, long at) -> {
        payload.flip();
        FrameCodec.writeDataPrefix(number, offset, at, new ByteBuffer[] {payload}, out);
        out.position(out.position() + payload.limit());
        yield true;
      }
      case Piece.Lost(long from, long to, long at, Frame.GapReason reason) -> {
        FrameCodec.write(new Frame.Gap(number, from, to, at, reason), out);
        yield true;
      }
      case Piece.Told(long at, Frame.NoticeCode code, long detail) -> {
        FrameCodec.write(new Frame.Notice(number, at, code, detail), out);
        yield true;
      }
      case Piece.End(long length, long at) -> {
        FrameCodec.write(new Frame.EndOfStream(number, length, at), out);
        ended = true;
        yield true;
      }
    };
  }

  /** The place in a frame's buffer where its data will stand, so that they are copied once. */
  private ByteBuffer payloadOf(ByteBuffer out, int maxBodyBytes) {
    int at = out.position() + FrameCodec.HEADER_BYTES + FrameCodec.DATA_PREFIX_BYTES;
    int most = Math.min(payloadBytes, maxBodyBytes - FrameCodec.DATA_PREFIX_BYTES);
    return out.slice(at, Math.min(most, out.limit() - at));
  }
}
