package org.joblog.schema.wire;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.jspecify.annotations.Nullable;

/**
 * Frames to bytes and back. Safe for use by many threads.
 *
 * <pre>
 *  0               1               2               3
 * +---------------+---------------+---------------+---------------+
 * | length of the body in bytes                                   |
 * +---------------+---------------+---------------+---------------+
 * | type          | flags, 0      | reserved, 0                   |
 * +---------------+---------------+---------------+---------------+
 * | CRC-32C of the eight bytes above and of the body              |
 * +---------------+---------------+---------------+---------------+
 * | body …
 * </pre>
 *
 * All numbers are big endian, whatever the order of the buffers that are handed in. A reader takes
 * {@link #HEADER_BYTES} bytes, calls {@link #readHeader}, waits for as many bytes as that says, and
 * calls {@link #readBody}.
 */
public final class FrameCodec {

  /** Bytes of the header that precedes every body. */
  public static final int HEADER_BYTES = 12;

  /** Bytes of a data frame's body before the data: stream, offset and time. */
  public static final int DATA_PREFIX_BYTES = 20;

  private static final int CHECKED_HEADER_BYTES = 8;

  private FrameCodec() {}

  /**
   * Reads a header and checks it, before anything is allocated for its body.
   *
   * @param in at least {@link #HEADER_BYTES} bytes; as many are taken from it
   * @param maxBodyBytes longest body that is welcome now
   * @throws ProtocolException if the type is unknown, a flag is set, or the length is not possible
   *     for the type or greater than the limit
   */
  public static FrameHeader readHeader(ByteBuffer in, int maxBodyBytes) throws ProtocolException {
    ByteBuffer buf = in.duplicate();
    int length = buf.getInt();
    int code = buf.get() & 0xFF;
    int flags = buf.get() & 0xFF;
    int reserved = buf.getShort() & 0xFFFF;
    int crc = buf.getInt();
    in.position(buf.position());

    @Nullable FrameType type = FrameType.of(code);
    if (type == null) {
      throw broken("frame type: " + code + " (expected: 1 to " + FrameType.values().length + ")");
    }
    if (flags != 0 || reserved != 0) {
      throw broken("frame flags: " + flags + ", reserved: " + reserved + " (expected: 0)");
    }
    checkLength(type, length, maxBodyBytes);
    return new FrameHeader(type, length, crc);
  }

  private static void checkLength(FrameType type, int length, int maxBodyBytes)
      throws ProtocolException {
    int max = Math.min(type.maxBodyBytes(), maxBodyBytes);
    if (length < type.minBodyBytes() || length > max) {
      throw broken(
          "frame length: "
              + Integer.toUnsignedString(length)
              + " (expected for "
              + type
              + ": "
              + type.minBodyBytes()
              + " to "
              + max
              + ")");
    }
  }

  /**
   * Reads a body.
   *
   * @param header what {@link #readHeader} gave
   * @param body at least {@code header.bodyBytes()} bytes; as many are taken from it, and copied
   * @throws ProtocolException if the checksum does not fit, a value is out of its range, a text is
   *     not UTF-8, or the body is longer or shorter than what it says it holds
   */
  public static Frame readBody(FrameHeader header, ByteBuffer body) throws ProtocolException {
    ByteBuffer buf = body.duplicate();
    buf.limit(buf.position() + header.bodyBytes());
    int crc = crc(header.type(), header.bodyBytes(), buf.duplicate());
    if (crc != header.crc()) {
      throw broken(String.format("frame checksum: %08x (expected: %08x)", header.crc(), crc));
    }
    Frame frame = BodyReader.read(header.type(), buf);
    body.position(buf.position());
    return frame;
  }

  /** How many bytes {@link #write} needs for a frame, header and body. */
  public static int encodedBytes(Frame frame) {
    return HEADER_BYTES + BodyWriter.bodyBytes(frame);
  }

  /**
   * Writes a frame.
   *
   * @param frame what to write
   * @param out room for at least {@link #encodedBytes} bytes
   * @throws BufferOverflowException if there is less; the position has not moved then
   */
  public static void write(Frame frame, ByteBuffer out) {
    ByteBuffer buf = out.duplicate();
    int start = buf.position();
    int bodyStart = start + HEADER_BYTES;
    if (bodyStart > buf.limit()) {
      throw new BufferOverflowException();
    }
    buf.position(bodyStart);
    BodyWriter.write(frame, buf);
    int end = buf.position();

    FrameType type = FrameType.of(frame);
    ByteBuffer body = buf.slice(bodyStart, end - bodyStart);
    putHeader(buf.position(start), type, body.remaining(), crc(type, body.remaining(), body));
    out.position(end);
  }

  /**
   * Writes all of a data frame but its data, which may stay where they are: what was written and
   * then the data, in order, are the frame.
   *
   * @param stream number of the stream
   * @param offset of the first byte
   * @param atMicros when they were read, microseconds since the epoch
   * @param data the bytes, in one or more pieces; none of their positions moves
   * @param out room for {@link #HEADER_BYTES} + {@link #DATA_PREFIX_BYTES} bytes
   */
  public static void writeDataPrefix(
      int stream, long offset, long atMicros, ByteBuffer[] data, ByteBuffer out) {
    ByteBuffer buf = out.duplicate();
    int start = buf.position();
    buf.position(start + HEADER_BYTES);
    buf.putInt(stream).putLong(offset).putLong(atMicros);
    int end = buf.position();

    long length = DATA_PREFIX_BYTES;
    for (ByteBuffer piece : data) {
      length += piece.remaining();
    }
    Bounds.range("data length", length, DATA_PREFIX_BYTES + 1, WireLimits.MAX_BODY_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(headerStart(FrameType.DATA, (int) length));
    crc.update(buf.slice(start + HEADER_BYTES, DATA_PREFIX_BYTES));
    for (ByteBuffer piece : data) {
      crc.update(piece.duplicate());
    }
    putHeader(buf.position(start), FrameType.DATA, (int) length, (int) crc.getValue());
    out.position(end);
  }

  private static void putHeader(ByteBuffer out, FrameType type, int length, int crc) {
    out.put(headerStart(type, length)).putInt(crc);
  }

  private static ByteBuffer headerStart(FrameType type, int length) {
    return ByteBuffer.allocate(CHECKED_HEADER_BYTES)
        .putInt(length)
        .put((byte) type.code())
        .put((byte) 0)
        .putShort((short) 0)
        .flip();
  }

  private static int crc(FrameType type, int length, ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(headerStart(type, length));
    crc.update(body);
    return (int) crc.getValue();
  }

  private static ProtocolException broken(String message) {
    return new ProtocolException(RefusalCode.PROTOCOL, message);
  }
}
