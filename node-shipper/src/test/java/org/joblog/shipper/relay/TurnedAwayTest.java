package org.joblog.shipper.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnedAwayTest {

  private static final long BEGIN = Long.MAX_VALUE - 5;

  private final List<String> log = new ArrayList<>();
  private final TurnedAway turnedAway = new TurnedAway(256, log::add);

  @Test
  void theFirstIsSaidAtOnceWithTheLimit() {
    turnedAway.tell(BEGIN);
    assertThat(log).isEmpty();
    turnedAway.count(BEGIN);
    assertThat(log).singleElement().asString().contains("all 256 places", "1 connections of");
  }

  @Test
  void aThousandMoreAreCountedAndSaidOnceAMinute() {
    for (int i = 0; i < 1000; i++) {
      turnedAway.count(i);
      turnedAway.tell(i);
    }
    assertThat(turnedAway.total()).isEqualTo(1000);
    assertThat(log).hasSize(1);
    turnedAway.tell(TurnedAway.INTERVAL_NANOS - 1);
    assertThat(log).hasSize(1);
    turnedAway.tell(TurnedAway.INTERVAL_NANOS);
    assertThat(log).hasSize(2).last().asString().contains("999 connections", "1000 since the");
    turnedAway.tell(3 * TurnedAway.INTERVAL_NANOS);
    assertThat(log).hasSize(2);
  }
}
