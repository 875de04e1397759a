package org.joblog.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameCodecTest {

  private static final int MAX = WireLimits.MAX_BODY_BYTES;

  @Test
  void whatIsWrittenIsReadAgain() throws ProtocolException {
    List<Frame> frames = new RandomFrames(1).list(20_000);
    assertSame(frames, RandomFrames.encode(frames));
  }

  @Test
  void aStreamCutAnywhereIsTheSameStream() throws ProtocolException {
    List<Frame> frames = new RandomFrames(2).list(FrameType.values().length + 4);
    ByteBuffer bytes = RandomFrames.encode(frames);
    for (int cut = 0; cut <= bytes.limit(); cut++) {
      assertSame(frames, bytes.slice(0, cut), bytes.slice(cut, bytes.limit() - cut));
    }
  }

  @Test
  void aStreamInPiecesOfAnySizeIsTheSameStream() throws ProtocolException {
    List<Frame> frames = new RandomFrames(3).list(64);
    ByteBuffer bytes = RandomFrames.encode(frames);
    for (int size : new int[] {1, 2, 3, 7, 11, 12, 13, 64, 1000}) {
      assertSame(frames, pieces(bytes, new Random(0), size, size));
    }
    for (int seed = 0; seed < 50; seed++) {
      assertSame(frames, pieces(bytes, new Random(seed), 1, 200));
    }
  }

  @ParameterizedTest
  @EnumSource(FrameType.class)
  void aFrameCutShortGivesNothing(FrameType type) throws ProtocolException {
    byte[] bytes = RandomFrames.encode(new RandomFrames(4).next(type));
    for (int length = 0; length < bytes.length; length++) {
      Reassembler reassembler = new Reassembler();
      reassembler.add(ByteBuffer.wrap(bytes, 0, length));
      assertThat(reassembler.frames()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(FrameType.class)
  void anyFlippedBitIsNoticed(FrameType type) {
    byte[] bytes = RandomFrames.encode(new RandomFrames(5).next(type));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Reassembler reassembler = new Reassembler();
      try {
        reassembler.add(ByteBuffer.wrap(flipped));
      } catch (ProtocolException expected) {
        assertThat(expected.code()).isEqualTo(Frame.RefusalCode.PROTOCOL);
      }
      // A longer length without more bytes is noticed when they come.
      assertThat(reassembler.frames()).describedAs("bit %d", bit).isEmpty();
    }
  }

  @Test
  void everyTypeByteIsKnownOrRefusedByNumber() throws ProtocolException {
    for (int code = 0; code < 256; code++) {
      FrameType known = FrameType.of(code);
      int length = known == null ? 0 : known.minBodyBytes();
      ByteBuffer header =
          ByteBuffer.allocate(12).putInt(length).put((byte) code).put(new byte[7]).flip();
      if (code >= 1 && code <= 17) {
        assertThat(FrameCodec.readHeader(header, MAX).type().code()).isEqualTo(code);
      } else {
        assertThat(refused(header, MAX)).hasMessageContaining("frame type: " + code + " ");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FrameType.class)
  void aLengthIsBoundedByTypeAndByLimitBeforeTheBodyIsRead(FrameType type)
      throws ProtocolException {
    int min = type.minBodyBytes();
    int max = type.maxBodyBytes();
    assertThat(FrameCodec.readHeader(header(type, min), MAX).bodyBytes()).isEqualTo(min);
    assertThat(FrameCodec.readHeader(header(type, max), MAX).bodyBytes()).isEqualTo(max);
    for (int length : new int[] {min - 1, max + 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThat(refused(header(type, length), MAX))
          .hasMessageContaining(Integer.toUnsignedString(length));
    }
    if (max > 0) {
      assertThat(refused(header(type, max), max - 1)).hasMessageContaining("to " + (max - 1));
    }
  }

  @Test
  void flagsAndReservedBytesAreRefusedUntilTheyMeanSomething() {
    for (int bit = 0; bit < 24; bit++) {
      ByteBuffer header = header(FrameType.HEARTBEAT, 0);
      int at = 5 + bit / 8;
      header.put(at, (byte) (1 << (bit % 8)));
      assertThat(refused(header, MAX)).hasMessageContaining("expected: 0");
    }
  }

  @Test
  void theOrderAndPlaceOfTheBuffersDoNotMatter() throws ProtocolException {
    Frame frame = new Frame.Ack(7, 0x0102030405060708L);
    ByteBuffer out = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN).position(5);
    FrameCodec.write(frame, out);
    out.flip().position(5);
    FrameHeader header = FrameCodec.readHeader(out, MAX);
    assertThat(FrameCodec.readBody(header, out)).isEqualTo(frame);
    assertThat(out.remaining()).isZero();
  }

  @Test
  void aBufferThatIsTooSmallIsLeftWhereItWas() {
    Frame frame = new Frame.Ack(7, 8);
    for (int room = 0; room < FrameCodec.encodedBytes(frame); room++) {
      ByteBuffer out = ByteBuffer.allocate(room);
      assertThatExceptionOfType(BufferOverflowException.class)
          .isThrownBy(() -> FrameCodec.write(frame, out));
      assertThat(out.position()).isZero();
    }
  }

  @Test
  void dataHeldElsewhereMakesTheSameFrameHoweverItIsCut() {
    byte[] data = {1, 2, 3, 4, 5};
    byte[] whole = RandomFrames.encode(new Frame.Data(3, 99, 1234, data));
    for (int cut = 0; cut <= data.length; cut++) {
      ByteBuffer[] pieces = {
        ByteBuffer.wrap(data, 0, cut), ByteBuffer.wrap(data, cut, data.length - cut)
      };
      ByteBuffer out = ByteBuffer.allocateDirect(whole.length);
      FrameCodec.writeDataPrefix(3, 99, 1234, pieces, out);
      assertThat(out.position()).isEqualTo(whole.length - data.length);
      out.put(pieces[0]).put(pieces[1]).flip();
      assertThat(out).isEqualTo(ByteBuffer.wrap(whole));
    }
  }

  private static ProtocolException refused(ByteBuffer header, int max) {
    ProtocolException refusal =
        catchThrowableOfType(ProtocolException.class, () -> FrameCodec.readHeader(header, max));
    assertThat(refusal.code()).isEqualTo(Frame.RefusalCode.PROTOCOL);
    return refusal;
  }

  private static ByteBuffer header(FrameType type, int length) {
    return ByteBuffer.allocate(12).putInt(length).put((byte) type.code()).put(new byte[7]).flip();
  }

  private static ByteBuffer[] pieces(ByteBuffer bytes, Random random, int min, int max) {
    List<ByteBuffer> pieces = new java.util.ArrayList<>();
    for (int at = 0; at < bytes.limit(); ) {
      int length = Math.min(min + random.nextInt(max - min + 1), bytes.limit() - at);
      pieces.add(bytes.slice(at, length));
      at += length;
    }
    return pieces.toArray(ByteBuffer[]::new);
  }

  private static void assertSame(List<Frame> expected, ByteBuffer... pieces)
      throws ProtocolException {
    Reassembler reassembler = new Reassembler();
    for (ByteBuffer piece : pieces) {
      reassembler.add(piece.duplicate());
    }
    assertThat(reassembler.isAtRest()).isTrue();
    assertThat(reassembler.frames()).hasSameSizeAs(expected);
    assertThat(RandomFrames.encode(reassembler.frames())).isEqualTo(RandomFrames.encode(expected));
  }
}
