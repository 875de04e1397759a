package org.joblog.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.joblog.workbench.Chart.Point;
import org.junit.jupiter.api.Test;

class ChartTest {

  private final Chart chart = new Chart(10, 3);

  @Test
  void pointsStandWhereTheirValuesSay() {
    assertThat(
            chart.draw(
                List.of(new Point(1, 0.5), new Point(5.5, 0.3), new Point(10, 0.125)), "step"))
        .isEqualTo(
            """
                0.5000 |*
                       |     *
                0.1250 |         *
                       +----------
                        1       10   step
            """);
  }

  @Test
  void oneValueStandsInTheMiddle() {
    assertThat(chart.draw(List.of(new Point(3, 7)), "x")).contains("|     *\n").contains("7 |");
  }

  @Test
  void valuesThatAreNoNumbersAreHoles() {
    assertThat(
            chart.draw(
                List.of(
                    new Point(1, Double.NaN),
                    new Point(2, Double.POSITIVE_INFINITY),
                    new Point(3, 1)),
                "x"))
        .containsOnlyOnce("*");
  }

  @Test
  void nothingToDrawIsSaid() {
    assertThat(chart.draw(List.of(), "x")).isEqualTo("(no points)\n");
    assertThat(chart.draw(List.of(new Point(1, Double.NaN)), "x")).isEqualTo("(no points)\n");
  }

  @Test
  void enormousValuesStayInside() {
    assertThat(
            chart.draw(
                List.of(
                    new Point(-Double.MAX_VALUE, -Double.MAX_VALUE),
                    new Point(Double.MAX_VALUE, Double.MAX_VALUE)),
                "x"))
        .contains("*");
  }

  @Test
  void aChartNeedsRoom() {
    assertThatThrownBy(() -> new Chart(9, 3)).hasMessage("chart: 9x3 (expected: >= 10x2)");
  }
}
