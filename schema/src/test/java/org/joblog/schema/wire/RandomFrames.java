package org.joblog.schema.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.joblog.schema.log.StreamKind;

/** Valid frames from a seed. Confined to one thread. */
final class RandomFrames {

  private static final String ID = "abcXYZ019_.+-";
  private static final String TEXT = "aZ 9~é€𝄞\u00a0";

  private final Random random;

  RandomFrames(long seed) {
    random = new Random(seed);
  }

  List<Frame> list(int count) {
    List<Frame> frames = new ArrayList<>();
    FrameType[] types = FrameType.values();
    for (int i = 0; i < count; i++) {
      frames.add(next(types[i < types.length ? i : random.nextInt(types.length)]));
    }
    return frames;
  }

  Frame next(FrameType type) {
    return switch (type) {
      case CHALLENGE -> new Frame.Challenge(1 + random.nextInt(9), 10 + random.nextInt(246), b(32));
      case GREETING -> greeting();
      case WELCOME -> new Frame.Welcome(1, 4096 + random.nextInt(9999), 10 + random.nextInt(9999));
      case OPEN_STREAM ->
          new Frame.OpenStream(stream(), random.nextInt() & 0xFFFF_FFFFL, i(), kind());
      case RESUME_POINT -> new Frame.ResumePoint(stream(), offset());
      case DATA -> new Frame.Data(stream(), offset(), micros(), b(1 + random.nextInt(300)));
      case GAP -> gap();
      case END_OF_STREAM -> new Frame.EndOfStream(stream(), offset(), micros());
      case END_OF_JOB ->
          random.nextBoolean()
              ? new Frame.EndOfJob(micros(), random.nextInt(256), 0)
              : new Frame.EndOfJob(micros(), -1, random.nextInt(128));
      case ACK -> new Frame.Ack(stream(), offset());
      case END_ACK -> new Frame.EndAck();
      case HEARTBEAT -> new Frame.Heartbeat();
      case PAUSE -> new Frame.Pause(any(Frame.PauseReason.values()));
      case UNPAUSE -> new Frame.Unpause();
      case GOODBYE -> new Frame.Goodbye(random.nextInt(3_600_001));
      case REFUSAL -> new Frame.Refusal(any(Frame.RefusalCode.values()), text(0, 200));
      case NOTICE ->
          new Frame.Notice(
              stream(), micros(), any(Frame.NoticeCode.values()), random.nextInt() & 0xFFFF_FFFFL);
    };
  }

  /** All frames as one stream of bytes. */
  static ByteBuffer encode(List<Frame> frames) {
    ByteBuffer out = ByteBuffer.allocate(frames.stream().mapToInt(FrameCodec::encodedBytes).sum());
    frames.forEach(frame -> FrameCodec.write(frame, out));
    return out.flip();
  }

  /** One frame's bytes. */
  static byte[] encode(Frame frame) {
    return encode(List.of(frame)).array();
  }

  private Frame greeting() {
    return new Frame.Greeting(
        1,
        id(64),
        id(64),
        i(),
        id(255),
        text(1, 60),
        random.nextInt() & 0xFFFF_FFFFL,
        text(0, 60),
        micros(),
        random.nextLong(),
        b(random.nextInt(100)),
        b(random.nextBoolean() ? 32 : 0));
  }

  private Frame gap() {
    long from = offset();
    return new Frame.Gap(
        stream(), from, from + 1 + random.nextInt(999), micros(), any(Frame.GapReason.values()));
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private StreamKind kind() {
    return any(StreamKind.values());
  }

  private int stream() {
    return random.nextInt(65_536);
  }

  private int i() {
    return random.nextInt(Integer.MAX_VALUE);
  }

  private long offset() {
    return random.nextLong(Long.MAX_VALUE - 1000);
  }

  private long micros() {
    return random.nextLong(WireLimits.MAX_MICROS + 1);
  }

  private byte[] b(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private String id(int max) {
    StringBuilder id = new StringBuilder();
    for (int i = random.nextInt(max); i >= 0; i--) {
      id.append(ID.charAt(random.nextInt(ID.length())));
    }
    return id.toString();
  }

  private String text(int min, int max) {
    int[] points = TEXT.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = min + random.nextInt(max - min); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }
}
