package org.joblog.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/**
 * Bytes from anybody. The normal build replays the seeds beside this class's resources; with {@code
 * JAZZER_FUZZ=1} in the environment it searches for new ones.
 */
class FrameCodecFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyBytesAreFramesOrARefusal(byte[] bytes) {
    Reassembler reassembler = new Reassembler();
    try {
      reassembler.add(ByteBuffer.wrap(bytes));
    } catch (ProtocolException e) {
      assertThat(e).hasMessageContaining("expected");
    }
    int length = RandomFrames.encode(reassembler.frames()).limit();
    assertThat(RandomFrames.encode(reassembler.frames()))
        .isEqualTo(ByteBuffer.wrap(bytes, 0, length));
  }

  /** Bodies whose checksum is right, so that the readers behind it are reached. */
  @FuzzTest(maxDuration = "5m")
  void anyBodyIsAFrameOrARefusal(byte[] bytes) {
    FrameType type = bytes.length == 0 ? null : FrameType.of(bytes[0]);
    if (type == null || bytes.length > WireLimits.MAX_BODY_BYTES) {
      return;
    }
    ByteBuffer body = ByteBuffer.wrap(bytes, 1, bytes.length - 1).slice();
    try {
      Frame frame = BodyReader.read(type, body.duplicate());
      ByteBuffer again = ByteBuffer.allocate(BodyWriter.bodyBytes(frame));
      BodyWriter.write(frame, again);
      assertThat(again.flip()).isEqualTo(body);
    } catch (ProtocolException e) {
      assertThat(e).hasMessageContaining("expected");
    }
  }
}
