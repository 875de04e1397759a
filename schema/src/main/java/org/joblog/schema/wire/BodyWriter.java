package org.joblog.schema.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bodies to bytes, the mirror of {@link BodyReader}. Safe for use by many threads. */
final class BodyWriter {

  private BodyWriter() {}

  /** Length of a frame's body. */
  static int bodyBytes(Frame frame) {
    return switch (frame) {
      case Frame.Data data -> FrameCodec.DATA_PREFIX_BYTES + data.bytes().length;
      case Frame.Refusal refusal -> 3 + utf8(refusal.message()).length;
      case Frame.Greeting greeting -> greetingBytes(greeting);
      default -> FrameType.of(frame).minBodyBytes();
    };
  }

  private static int greetingBytes(Frame.Greeting greeting) {
    return 35
        + utf8(greeting.cluster()).length
        + utf8(greeting.job()).length
        + utf8(greeting.node()).length
        + utf8(greeting.user()).length
        + utf8(greeting.jobName()).length
        + greeting.optIn().length
        + greeting.proof().length;
  }

  /** Writes a body, without its header. */
  static void write(Frame frame, ByteBuffer out) {
    switch (frame) {
      case Frame.Challenge(int min, int max, byte[] nonce) ->
          out.put((byte) min).put((byte) max).put(nonce);
      case Frame.Greeting greeting -> greeting(greeting, out);
      case Frame.Welcome(int version, int maxBody, int heartbeat) ->
          out.put((byte) version).putInt(maxBody).putInt(heartbeat);
      case Frame.OpenStream open ->
          out.putInt(open.stream())
              .putInt((int) open.step())
              .putInt(open.task())
              .put((byte) open.kind().code());
      case Frame.ResumePoint(int stream, long offset) -> out.putInt(stream).putLong(offset);
      case Frame.Data(int stream, long offset, long at, byte[] bytes) ->
          out.putInt(stream).putLong(offset).putLong(at).put(bytes);
      case Frame.Gap gap ->
          out.putInt(gap.stream())
              .putLong(gap.from())
              .putLong(gap.to())
              .putLong(gap.atMicros())
              .put((byte) gap.reason().code());
      case Frame.EndOfStream(int stream, long offset, long at) ->
          out.putInt(stream).putLong(offset).putLong(at);
      case Frame.EndOfJob(long at, int exitCode, int signal) ->
          out.putLong(at).putShort((short) exitCode).put((byte) signal);
      case Frame.Ack(int stream, long offset) -> out.putInt(stream).putLong(offset);
      case Frame.Pause(Frame.PauseReason reason) -> out.put((byte) reason.code());
      case Frame.Goodbye(int retryMillis) -> out.putInt(retryMillis);
      case Frame.Refusal refusal -> refusal(refusal, out);
      case Frame.Notice notice ->
          out.putInt(notice.stream())
              .putLong(notice.atMicros())
              .put((byte) notice.code().code())
              .putInt((int) notice.detail());
      case Frame.EndAck _, Frame.Heartbeat _, Frame.Unpause _ -> {}
    }
  }

  private static void greeting(Frame.Greeting greeting, ByteBuffer out) {
    out.put((byte) greeting.version())
        .putInt(greeting.restart())
        .putInt((int) greeting.uid())
        .putLong(greeting.startedMicros())
        .putLong(greeting.source());
    shortText(greeting.cluster(), out);
    shortText(greeting.job(), out);
    shortText(greeting.node(), out);
    shortText(greeting.user(), out);
    shortText(greeting.jobName(), out);
    out.putInt(greeting.optIn().length).put(greeting.optIn());
    out.put((byte) greeting.proof().length).put(greeting.proof());
  }

  private static void refusal(Frame.Refusal refusal, ByteBuffer out) {
    byte[] message = utf8(refusal.message());
    out.put((byte) refusal.code().code()).putShort((short) message.length).put(message);
  }

  private static void shortText(String text, ByteBuffer out) {
    byte[] bytes = utf8(text);
    out.put((byte) bytes.length).put(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
