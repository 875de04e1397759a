package org.joblog.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class JoinerTest {

  @Test
  void trimsWhatCameBefore() {
    Joiner joiner = new Joiner(10);
    assertThat(joiner.overlap(10, 5)).isZero();
    assertThat(joiner.overlap(8, 5)).isEqualTo(2);
    assertThat(joiner.overlap(0, 5)).isEqualTo(5);
    assertThat(joiner.overlap(0, 10)).isEqualTo(10);
  }

  @Test
  void seesAHole() {
    Joiner joiner = new Joiner(10);
    assertThat(joiner.misses(11)).isTrue();
    assertThat(joiner.misses(10)).isFalse();
    assertThat(joiner.overlap(11, 5)).isZero();
  }

  @Test
  void neverGoesBack() {
    Joiner joiner = new Joiner(10);
    joiner.advance(5);
    assertThat(joiner.next()).isEqualTo(10);
  }

  @Test
  void givesEveryByteOnceHoweverASenderRepeatsItself() {
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
