package org.joblog.shipper.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When a connection with nothing to say says so. */
class BeatTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void theSilenceIsLongerThanHalfAnIntervalAndNeverLongerThanAWholeOne() {
    SplittableRandom random = new SplittableRandom(1);
    for (long interval : List.of(2L, 3L, 10_000_000L, 10 * SECOND, 60 * SECOND)) {
      for (int i = 0; i < 1000; i++) {
        long saidAt = random.nextLong(-1000 * SECOND, 1000 * SECOND);
        long silence = new Beat(interval).after(saidAt) - saidAt;
        assertThat(silence).isGreaterThanOrEqualTo(interval / 2).isLessThanOrEqualTo(interval);
      }
    }
  }

  @Test
  void connectionsThatSpokeAtDifferentTimesSoonBeatTogether() {
    Beat beat = new Beat(10 * SECOND);
    long first = beat.after(12 * SECOND);
    long second = beat.after(14 * SECOND);
    assertThat(first).isEqualTo(second);
    assertThat(beat.after(first + 1)).isEqualTo(first + 10 * SECOND);
  }
}
