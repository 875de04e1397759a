package org.joblog.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "5 m, PT5M",
    "2h, PT2H",
    "90d, PT2160H",
    "999999999d, PT23999999976H"
  })
  void timesAreReadWithTheirUnit(String text, Duration time) {
    assertThat(Span.parse(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"500ms", "30s", "5m", "2h", "90d", "1500ms", "90s", "0s"})
  void whatIsReadIsWrittenWithTheLargestUnitThatDivides(String text) {
    assertThat(Span.format(Span.parse(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "1.5s", "-1s", "s", "30 seconds", "1w", "9999999999s"})
  void whatIsNoTimeIsRefusedWithTheExpectation(String text) {
    assertThatThrownBy(() -> Span.parse(text)).hasMessageContaining("expected: a time such as");
  }
}
