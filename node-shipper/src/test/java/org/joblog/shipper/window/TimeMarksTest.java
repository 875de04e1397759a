package org.joblog.shipper.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeMarksTest {

  private static final long BEGIN = 1_700_000_000_000_000L;
  private static final int BYTES = 10;

  private final TimeMarks marks = new TimeMarks();

  /** Ten bytes each time, so long apart; returns when the last were read. */
  private long print(int times, long apart) {
    for (int i = 0; i < times; i++) {
      marks.add((long) i * BYTES, BEGIN + i * apart);
    }
    return BEGIN + (times - 1) * apart;
  }

  private int count(int times) {
    Set<Long> different = new HashSet<>();
    for (int i = 0; i < times; i++) {
      different.add(marks.at((long) i * BYTES));
    }
    return different.size();
  }

  @Test
  void aFewMarksAreExact() {
    print(TimeMarks.CAPACITY, TimeMarks.LEAST_MICROS);
    for (int i = 0; i < TimeMarks.CAPACITY; i++) {
      assertThat(marks.at(i * BYTES + 9L)).isEqualTo(BEGIN + i * TimeMarks.LEAST_MICROS);
    }
  }

  /** An hour in steps of a millisecond; steps far apart; and one mark more than there is room. */
  @ParameterizedTest
  @ValueSource(longs = {1_000, 1_001, 1_700, 60_000_000})
  void timesAreNeverLateAndAtMostOnePartIn128OfTheWaitEarly(long apart) {
    int times = apart == 1_001 ? TimeMarks.CAPACITY + 1 : 100_000;
    long last = print(times, apart);
    long precision = Math.max(TimeMarks.LEAST_MICROS, (last - BEGIN) / 128);
    for (int i = 0; i < times; i++) {
      long read = BEGIN + i * apart;
      assertThat(marks.at((long) i * BYTES)).isBetween(read - precision, read);
    }
    assertThat(marks.at(0)).isEqualTo(BEGIN);
    assertThat(count(times)).isBetween(TimeMarks.CAPACITY / 4, TimeMarks.CAPACITY);
  }

  @Test
  void whenTheServerHasCaughtUpMarksAreAMillisecondApartAgain() {
    int times = 10_000;
    long last = print(times, TimeMarks.LEAST_MICROS);
    long end = (long) times * BYTES;
    marks.forgetBefore(end);
    marks.add(end, last + 500_000);
    marks.forgetBefore(end);
    marks.add(end + 1, last + 501_000);
    assertThat(marks.at(end)).isEqualTo(last + 500_000);
    assertThat(marks.nextAfter(end)).isEqualTo(end + 1);
    assertThat(marks.at(end + 1)).isEqualTo(last + 501_000);
  }

  @Test
  void aClockThatStepsBackMovesNoMark() {
    marks.add(0, BEGIN);
    marks.add(10, BEGIN - 3_600_000_000L);
    assertThat(marks.at(10)).isEqualTo(BEGIN);
    assertThat(marks.at(-1)).isZero();
  }
}
