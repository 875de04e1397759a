package org.joblog.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.junit.jupiter.api.Test;

/** A program that prints nothing but commands does not fill the database with messages. */
class JobNewsTest {

  private long seconds;

  private final JobNews news =
      new JobNews(
          3,
          new Clock() {
            @Override
            public long nanos() {
              return TimeUnit.SECONDS.toNanos(seconds);
            }

            @Override
            public long micros() {
              return 0;
            }
          });

  private void happens(EventKind kind, int times) {
    for (int i = 0; i < times; i++) {
      news.add(new Event(i, 0, 0, kind, kind.word(), "{}"));
    }
  }

  private List<String> messages(boolean isLast) {
    return news.take(isLast).stream().map(Event::message).toList();
  }

  private static String leftOut(int messages) {
    return messages + " more messages about commands were left out, because there are so many.";
  }

  @Test
  void ofManyMessagesAboutCommandsTheFirstAreKeptAndTheOthersCounted() {
    happens(EventKind.COMMAND, 2);
    happens(EventKind.COMMAND_ERROR, 5);
    assertThat(messages(false)).containsExactly("command", "command", "command_error");
    happens(EventKind.COMMAND, 7);
    assertThat(messages(false)).isEmpty();

    seconds = 10;
    assertThat(messages(false)).containsExactly(leftOut(11));
    assertThat(messages(false)).isEmpty();
  }

  @Test
  void aJobThatPrintsACommandNowAndThenLosesNone() {
    for (int i = 0; i < 100; i++) {
      happens(EventKind.COMMAND, 1);
      seconds += 10;
    }
    assertThat(messages(true)).hasSize(100).containsOnly("command");
  }

  @Test
  void afterADayOfSilenceNoMoreAreAllowedAtOnceThanBefore() {
    happens(EventKind.COMMAND, 3);
    seconds = 86_400;
    happens(EventKind.COMMAND, 9);
    assertThat(messages(true)).hasSize(7).last().isEqualTo(leftOut(6));
  }

  @Test
  void whatIsNotAboutCommandsIsAlwaysTold() {
    happens(EventKind.COMMAND_ERROR, 9);
    happens(EventKind.GAP, 9);
    happens(EventKind.SLOWED, 9);
    assertThat(messages(false)).hasSize(3 + 9 + 9);
  }

  @Test
  void atTheEndOfTheJobItIsSaidHowManyWereLeftOut() {
    happens(EventKind.COMMAND_ERROR, 9);
    assertThat(messages(true)).hasSize(4).last().isEqualTo(leftOut(6));
  }
}
