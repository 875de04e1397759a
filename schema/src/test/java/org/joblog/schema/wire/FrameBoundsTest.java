package org.joblog.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every bound of every field, from both sides. */
class FrameBoundsTest {

  private static final long MAX_LONG = Long.MAX_VALUE;
  private static final byte[] NONE = new byte[0];

  @TestFactory
  Stream<DynamicTest> numbersHaveBounds() {
    return Stream.of(
        ints("challenge oldest", 1, 7, v -> new Frame.Challenge(v, 7, new byte[32])),
        ints("challenge newest", 2, 255, v -> new Frame.Challenge(2, v, new byte[32])),
        ints("nonce", 32, 32, v -> new Frame.Challenge(1, 1, bytes(v))),
        ints("version", 1, 255, v -> greeting(v, 0, 0, 0)),
        ints("restart", 0, Integer.MAX_VALUE, v -> greeting(1, v, 0, 0)),
        longs("uid", 0, 0xFFFF_FFFFL, v -> greeting(1, 0, v, 0)),
        longs("start", 0, WireLimits.MAX_MICROS, v -> greeting(1, 0, 0, v)),
        ints("opt-in", 0, 65_537, v -> greeting("c", "j", "n", "u", "", bytes(v), NONE)),
        ints("proof", 32, 32, v -> greeting("c", "j", "n", "u", "", NONE, bytes(v))),
        ints("welcome version", 1, 255, v -> new Frame.Welcome(v, 4096, 10)),
        ints("longest body", 4096, 1 << 20, v -> new Frame.Welcome(1, v, 10)),
        ints("heartbeat", 10, 600_000, v -> new Frame.Welcome(1, 4096, v)),
        ints("stream", 0, 65_535, v -> new Frame.OpenStream(v, 0, 0, StreamKind.STDOUT)),
        longs("step", 0, 0xFFFF_FFFFL, v -> new Frame.OpenStream(0, v, 0, StreamKind.STDOUT)),
        ints("task", 0, Integer.MAX_VALUE, v -> new Frame.OpenStream(0, 0, v, StreamKind.STDOUT)),
        ints("resume stream", 0, 65_535, v -> new Frame.ResumePoint(v, 0)),
        longs("resume offset", 0, MAX_LONG, v -> new Frame.ResumePoint(0, v)),
        ints("data stream", 0, 65_535, v -> new Frame.Data(v, 0, 0, bytes(1))),
        longs("data offset", 0, MAX_LONG - 5, v -> new Frame.Data(0, v, 0, bytes(5))),
        longs("data time", 0, WireLimits.MAX_MICROS, v -> new Frame.Data(0, 0, v, bytes(1))),
        ints("data bytes", 1, (1 << 20) - 20, v -> new Frame.Data(0, 0, 0, bytes(v))),
        longs("gap from", 0, 8, v -> gap(v, 9, 0)),
        longs("gap to", 1, MAX_LONG, v -> gap(0, v, 0)),
        longs("gap time", 0, WireLimits.MAX_MICROS, v -> gap(0, 1, v)),
        ints("end stream", 0, 65_535, v -> new Frame.EndOfStream(v, 0, 0)),
        longs("end length", 0, MAX_LONG, v -> new Frame.EndOfStream(0, v, 0)),
        longs("end time", 0, WireLimits.MAX_MICROS, v -> new Frame.EndOfStream(0, 0, v)),
        longs("job end time", 0, WireLimits.MAX_MICROS, v -> new Frame.EndOfJob(v, 0, 0)),
        ints("exit code", -1, 255, v -> new Frame.EndOfJob(0, v, 0)),
        ints("exit code beside a signal", -1, -1, v -> new Frame.EndOfJob(0, v, 9)),
        ints("signal", 0, 127, v -> new Frame.EndOfJob(0, -1, v)),
        ints("ack stream", 0, 65_535, v -> new Frame.Ack(v, 0)),
        longs("ack offset", 0, MAX_LONG, v -> new Frame.Ack(0, v)),
        ints("notice stream", 0, 65_535, v -> notice(v, 0, 0)),
        longs("notice time", 0, WireLimits.MAX_MICROS, v -> notice(0, v, 0)),
        longs("notice detail", 0, 0xFFFF_FFFFL, v -> notice(0, 0, v)),
        ints("retry", 0, 3_600_000, Frame.Goodbye::new));
  }

  @TestFactory
  Stream<DynamicTest> textsHaveLengths() {
    return Stream.of(
        lengths("cluster", 1, 64, s -> greeting(s, "j", "n", "u", "", NONE, NONE)),
        lengths("job", 1, 64, s -> greeting("c", s, "n", "u", "", NONE, NONE)),
        lengths("node", 1, 255, s -> greeting("c", "j", s, "u", "", NONE, NONE)),
        lengths("user", 1, 255, s -> greeting("c", "j", "n", s, "", NONE, NONE)),
        lengths("job name", 0, 255, s -> greeting("c", "j", "n", "u", s, NONE, NONE)),
        lengths("message", 0, 1024, s -> new Frame.Refusal(Frame.RefusalCode.FULL, s)));
  }

  @Test
  void lengthsOfTextsCountBytesAndNotCharacters() {
    assertThatCode(() -> user("é".repeat(127))).doesNotThrowAnyException();
    refuses(() -> user("é".repeat(128)), "user bytes: 256 (expected: 1 to 255)");
  }

  @Test
  void identifiersHaveAnAlphabet() {
    for (char c = 0; c < 0x250; c++) {
      String name = "a" + c;
      if ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+-".indexOf(c) >= 0) {
        assertThatCode(() -> job(name)).doesNotThrowAnyException();
      } else {
        refuses(() -> job(name), String.format("job: U+%04X at 1", (int) c));
      }
    }
  }

  @Test
  void textsHoldNoControlCharactersAndNoHalfCharacters() {
    for (char c = 0; c < 0x250; c++) {
      String name = "a" + c;
      if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
        refuses(() -> user(name), String.format("user: U+%04X at 1", (int) c));
      } else {
        assertThatCode(() -> user(name)).doesNotThrowAnyException();
      }
    }
    refuses(() -> user("a\ud834"), "U+D834 at 1");
    refuses(() -> user("\udd1e"), "U+DD1E at 0");
    assertThatCode(() -> user("\ud834\udd1e")).doesNotThrowAnyException();
  }

  @Test
  void whatTheConstructorsRefuseIsRefusedFromTheWireToo() {
    byte[] job = body(job("jjjj"));
    for (int i = 0; i < job.length; i++) {
      if (job[i] == 'j') {
        byte[] changed = job.clone();
        changed[i] = '/';
        assertRefused(FrameType.GREETING, changed, Frame.RefusalCode.VALUE, "U+002F");
        changed[i] = (byte) 0x80;
        assertRefused(FrameType.GREETING, changed, Frame.RefusalCode.VALUE, "expected: UTF-8");
      }
    }
    assertRefused(
        FrameType.RESUME_POINT,
        changed(new Frame.ResumePoint(0, 0), 4, 0x80),
        Frame.RefusalCode.VALUE,
        "offset: -9223372036854775808");
    assertRefused(FrameType.PAUSE, new byte[] {0}, Frame.RefusalCode.VALUE, "expected: 1 to 3");
    assertRefused(FrameType.PAUSE, new byte[] {4}, Frame.RefusalCode.VALUE, "pause reason: 4");
    assertRefused(
        FrameType.OPEN_STREAM,
        changed(new Frame.OpenStream(0, 0, 0, StreamKind.STDOUT), 12, 4),
        Frame.RefusalCode.VALUE,
        "stream kind: 4");
    assertRefused(
        FrameType.GAP, changed(gap(0, 1, 0), 28, 9), Frame.RefusalCode.VALUE, "gap reason: 9");
    assertRefused(
        FrameType.REFUSAL, new byte[] {99, 0, 0}, Frame.RefusalCode.VALUE, "refusal code: 99");
  }

  @Test
  void aBodyThatHoldsMoreOrLessThanItSaysIsRefused() {
    byte[] greeting = body(job("j"));
    byte[] longer = Arrays.copyOf(greeting, greeting.length + 1);
    assertRefused(
        FrameType.GREETING, longer, Frame.RefusalCode.PROTOCOL, "after the end of GREETING: 1");
    byte[] shorter = Arrays.copyOf(body(job("jj")), greeting.length);
    assertRefused(FrameType.GREETING, shorter, Frame.RefusalCode.PROTOCOL, "ends after the frame");
    assertRefused(
        FrameType.REFUSAL, new byte[] {1, 0, 9, 'a'}, Frame.RefusalCode.PROTOCOL, "ends after");
  }

  private static void assertRefused(
      FrameType type, byte[] body, Frame.RefusalCode code, String message) {
    CRC32C crc = new CRC32C();
    ByteBuffer start = ByteBuffer.allocate(8).putInt(body.length).putInt(type.code() << 24).flip();
    crc.update(start.duplicate());
    crc.update(body);
    FrameHeader header = new FrameHeader(type, body.length, (int) crc.getValue());
    ProtocolException refusal =
        catchThrowableOfType(
            ProtocolException.class, () -> FrameCodec.readBody(header, ByteBuffer.wrap(body)));
    assertThat(refusal).describedAs(message).isNotNull().hasMessageContaining(message);
    assertThat(refusal.code()).isEqualTo(code);
  }

  private static byte[] body(Frame frame) {
    byte[] bytes = RandomFrames.encode(frame);
    return Arrays.copyOfRange(bytes, FrameCodec.HEADER_BYTES, bytes.length);
  }

  private static byte[] changed(Frame frame, int at, int value) {
    byte[] body = body(frame);
    body[at] = (byte) value;
    return body;
  }

  private static DynamicTest ints(String name, int min, int max, IntFunction<Frame> make) {
    return longs(name, min, max, v -> make.apply((int) v), Integer.MAX_VALUE);
  }

  private static DynamicTest longs(String name, long min, long max, LongFunction<Frame> make) {
    return longs(name, min, max, make, Long.MAX_VALUE);
  }

  private static DynamicTest longs(
      String name, long min, long max, LongFunction<Frame> make, long top) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          assertThatCode(() -> make.apply(min)).doesNotThrowAnyException();
          assertThatCode(() -> make.apply(max)).doesNotThrowAnyException();
          refuses(() -> make.apply(min - 1), "(expected: ");
          if (max < top) {
            refuses(() -> make.apply(max + 1), "(expected: ");
          }
        });
  }

  private static DynamicTest lengths(String name, int min, int max, Function<String, Frame> make) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          assertThatCode(() -> make.apply("x".repeat(min))).doesNotThrowAnyException();
          assertThatCode(() -> make.apply("x".repeat(max))).doesNotThrowAnyException();
          refuses(() -> make.apply("x".repeat(max + 1)), ": " + (max + 1) + " (expected: ");
          if (min > 0) {
            refuses(() -> make.apply(""), ": 0 (expected: ");
          }
        });
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
  }

  private static byte[] bytes(int length) {
    // No array is shorter than an empty one; one that is too long must be refused in its place.
    return new byte[length < 0 ? 2 * WireLimits.MAX_BODY_BYTES : length];
  }

  private static Frame notice(int stream, long at, long detail) {
    return new Frame.Notice(stream, at, Frame.NoticeCode.DESTINATION_FAILED, detail);
  }

  private static Frame gap(long from, long to, long at) {
    return new Frame.Gap(0, from, to, at, Frame.GapReason.RELAY_FAILED);
  }

  private static Frame job(String job) {
    return greeting("c", job, "n", "u", "", NONE, NONE);
  }

  private static Frame user(String user) {
    return greeting("c", "j", "n", user, "", NONE, NONE);
  }

  private static Frame greeting(int version, int restart, long uid, long start) {
    return new Frame.Greeting(version, "c", "j", restart, "n", "u", uid, "", start, 0, NONE, NONE);
  }

  private static Frame greeting(
      String cluster,
      String job,
      String node,
      String user,
      String name,
      byte[] optIn,
      byte[] proof) {
    return new Frame.Greeting(1, cluster, job, 0, node, user, 0, name, 0, 0, optIn, proof);
  }
}
