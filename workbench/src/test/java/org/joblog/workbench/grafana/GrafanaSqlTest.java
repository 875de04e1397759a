package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrafanaSqlTest {

  private final GrafanaSql grafana =
      new GrafanaSql(
              Instant.parse("2026-11-22T10:00:00.5Z"),
              Instant.parse("2026-11-22T11:00:00Z"),
              Map.of())
          .with("job", "it's \"42\"")
          .with("stream", "stdout", "stderr");

  @Test
  void valuesAreQuotedAndJoined() {
    assertThat(grafana.expand("f(${job:sqlstring}, ARRAY[${stream:sqlstring}])"))
        .isEqualTo("f('it''s \\\"42\\\"', ARRAY['stdout','stderr'])");
  }

  @Test
  void anEncodedValueHoldsNothingThatIsTakenForAMacro() {
    assertThat(
            grafana
                .with("search", "it's \"50%\" of $HOME(é)")
                .expand("f('${search:percentencode}')"))
        .isEqualTo("f('it%27s%20%2250%25%22%20of%20%24HOME%28%C3%A9%29')");
  }

  @Test
  void timesAreTextsInUtc() {
    assertThat(grafana.expand("$__timeFrom()::timestamptz, $__timeTo()"))
        .isEqualTo("'2026-11-22T10:00:00.500Z'::timestamptz, '2026-11-22T11:00:00Z'");
    assertThat(grafana.expand("WHERE $__timeFilter(at)"))
        .isEqualTo("WHERE at BETWEEN '2026-11-22T10:00:00.500Z' AND '2026-11-22T11:00:00Z'");
  }

  @Test
  void theIntervalIsText() {
    assertThat(grafana.expand("'$__interval' $__interval_ms")).isEqualTo("'1m' 60000");
  }

  @Test
  void aVariableWithoutFormatDiffersBetweenVersions() {
    assertThatThrownBy(() -> grafana.expand("$job")).hasMessageContaining("expected: :sqlstring");
    assertThatThrownBy(() -> grafana.expand("${job:raw}")).hasMessageContaining("${job:raw}");
  }

  @Test
  void whateverLooksLikeACallIsAMacro() {
    assertThatThrownBy(() -> grafana.expand("SELECT $f(1)"))
        .hasMessageContaining("unknown macro f");
  }
}
