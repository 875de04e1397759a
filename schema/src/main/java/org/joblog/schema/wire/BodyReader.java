package org.joblog.schema.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;
import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;

/** Bodies from bytes, one method a type. Confined to the thread of one call. */
final class BodyReader {

  private final ByteBuffer in;

  private BodyReader(ByteBuffer in) {
    this.in = in;
  }

  /** Reads all of {@code in} as one body; its position is then at its limit. */
  static Frame read(FrameType type, ByteBuffer in) throws ProtocolException {
    try {
      Frame frame = new BodyReader(in).body(type);
      if (in.hasRemaining()) {
        throw new ProtocolException(
            RefusalCode.PROTOCOL,
            "bytes after the end of " + type + ": " + in.remaining() + " (expected: 0)");
      }
      return frame;
    } catch (BufferUnderflowException e) {
      throw new ProtocolException(
          RefusalCode.PROTOCOL, type + ": a field ends after the frame (expected: inside of it)");
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(RefusalCode.VALUE, type + ": " + e.getMessage());
    }
  }

  private Frame body(FrameType type) throws ProtocolException {
    return switch (type) {
      case CHALLENGE -> new Frame.Challenge(u8(), u8(), bytes(WireLimits.NONCE_BYTES));
      case GREETING -> greeting();
      case WELCOME -> new Frame.Welcome(u8(), in.getInt(), in.getInt());
      case OPEN_STREAM ->
          new Frame.OpenStream(in.getInt(), u32(), in.getInt(), StreamKind.of(u8()));
      case RESUME_POINT -> new Frame.ResumePoint(in.getInt(), in.getLong());
      case DATA -> new Frame.Data(in.getInt(), in.getLong(), in.getLong(), bytes(in.remaining()));
      case GAP -> gap();
      case END_OF_STREAM -> new Frame.EndOfStream(in.getInt(), in.getLong(), in.getLong());
      case END_OF_JOB -> new Frame.EndOfJob(in.getLong(), in.getShort(), u8());
      case ACK -> new Frame.Ack(in.getInt(), in.getLong());
      case END_ACK -> new Frame.EndAck();
      case HEARTBEAT -> new Frame.Heartbeat();
      case PAUSE -> new Frame.Pause(word("pause reason", PauseReason.values(), PauseReason::code));
      case UNPAUSE -> new Frame.Unpause();
      case GOODBYE -> new Frame.Goodbye(in.getInt());
      case REFUSAL -> refusal();
      case NOTICE ->
          new Frame.Notice(
              in.getInt(),
              in.getLong(),
              word("notice code", NoticeCode.values(), NoticeCode::code),
              u32());
    };
  }

  private Frame greeting() throws ProtocolException {
    int version = u8();
    int restart = in.getInt();
    long uid = u32();
    long started = in.getLong();
    long source = in.getLong();
    String cluster = text("cluster", u8());
    String job = text("job", u8());
    String node = text("node", u8());
    String user = text("user", u8());
    String jobName = text("job name", u8());
    byte[] optIn = bytes(optInLength());
    byte[] proof = bytes(u8());
    return new Frame.Greeting(
        version, cluster, job, restart, node, user, uid, jobName, started, source, optIn, proof);
  }

  private int optInLength() {
    int length = in.getInt();
    Bounds.range("opt-in length", length, 0, WireLimits.MAX_OPT_IN_BYTES);
    return length;
  }

  private Frame gap() {
    return new Frame.Gap(
        in.getInt(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        word("gap reason", GapReason.values(), GapReason::code));
  }

  private Frame refusal() throws ProtocolException {
    RefusalCode code = word("refusal code", RefusalCode.values(), RefusalCode::code);
    return new Frame.Refusal(code, text("message", in.getShort() & 0xFFFF));
  }

  private int u8() {
    return in.get() & 0xFF;
  }

  private long u32() {
    return in.getInt() & 0xFFFF_FFFFL;
  }

  private byte[] bytes(int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String text(String field, int length) throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(length));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolException(
          RefusalCode.VALUE, field + ": wrong byte at " + bytes.position() + " (expected: UTF-8)");
    }
  }

  private <E extends Enum<E>> E word(String field, E[] words, ToIntFunction<E> codeOf) {
    int code = u8();
    for (E word : words) {
      if (codeOf.applyAsInt(word) == code) {
        return word;
      }
    }
    throw new IllegalArgumentException(
        field + ": " + code + " (expected: 1 to " + words.length + ")");
  }
}
