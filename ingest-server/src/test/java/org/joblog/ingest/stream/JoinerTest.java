package org.joblog.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class JoinerTest {

  @Test
  void trimsWhatCameBefore() throws StreamHoleException {
    Joiner joiner = new Joiner(10);
    assertThat(joiner.overlap(10, 5)).isZero();
    assertThat(joiner.overlap(8, 5)).isEqualTo(2);
    assertThat(joiner.overlap(0, 5)).isEqualTo(5);
    assertThat(joiner.overlap(0, 10)).isEqualTo(10);
  }

  @Test
  void namesAHole() {
    Joiner joiner = new Joiner(10);
    assertThatThrownBy(() -> joiner.overlap(11, 1))
        .isInstanceOf(StreamHoleException.class)
        .hasMessage("offset of data: 11 (expected: <= 10, or a gap frame before)");
  }

  @Test
  void neverGoesBack() {
    Joiner joiner = new Joiner(10);
    joiner.advance(5);
    assertThat(joiner.next()).isEqualTo(10);
  }

  @Test
  void givesEveryByteOnceHoweverASenderRepeatsItself() throws StreamHoleException {
    Random random = new Random(1);
    byte[] sent = new byte[10_000];
    random.nextBytes(sent);
    byte[] joined = new byte[sent.length];
    Joiner joiner = new Joiner(0);
    while (joiner.next() < sent.length) {
      int offset = random.nextInt((int) joiner.next() + 1);
      int length = 1 + random.nextInt(Math.min(500, sent.length - offset));
      int skip = joiner.overlap(offset, length);
      System.arraycopy(sent, offset + skip, joined, (int) joiner.next(), length - skip);
      joiner.advance(offset + (long) length);
    }
    assertThat(joined).isEqualTo(sent);
  }
}
