package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.joblog.workbench.grafana.Dashboard.Panel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every query of every dashboard on a real database that a real server filled. */
class DashboardQueriesTest {

  private static Visitor visitor;
  private static GrafanaSql grafana;

  @BeforeAll
  static void fill() throws Exception {
    visitor = Visitor.arrive();
    grafana = visitor.choices();
  }

  @AfterAll
  static void leave() throws Exception {
    visitor.close();
  }

  static Stream<Arguments> panels() throws IOException {
    return Dashboard.all().stream()
        .filter(Dashboard::isOnSql)
        .flatMap(d -> d.panels().stream().map(panel -> Arguments.of(d, panel)));
  }

  static Stream<Arguments> variables() throws IOException {
    return Dashboard.all().stream()
        .filter(Dashboard::isOnSql)
        .flatMap(d ->
            d.variables().stream()
                .filter(v -> v.get("type").text().equals("query"))
                .map(v -> Arguments.of(d.name(), v.get("name").text(), v.get("query").text())));
  }

  @ParameterizedTest
  @MethodSource("panels")
  void aPanelGetsTheFieldsThatItNeeds(Dashboard dashboard, Panel panel) throws Exception {
    Answer answer = visitor.ask(panel.sql());

    assertThat(answer.rows()).isNotEmpty();
    switch (panel.type()) {
      case "logs" -> {
        assertThat(answer.fields())
            .containsExactly("time", "body", "level", "id", "tsNs", "labels");
        assertThat(answer.types())
            .containsExactly("time", "string", "string", "string", "string", "other");
      }
      case "timeseries" -> {
        assertThat(answer.fields()).containsExactly("time", "metric", "value");
        assertThat(answer.types()).containsExactly("time", "string", "number");
        assertThat(answer.column("time").stream().map(Object::toString).map(Instant::parse))
            .isSorted();
      }
      case "trend" -> {
        assertThat(answer.fields()).containsExactly("x", "key", "value");
        assertThat(answer.types()).containsExactly("number", "string", "number");
        assertThat(answer.numbers("x")).isSorted().doesNotContainNull();
      }
      case "table" -> assertThat(answer.fields()).doesNotHaveDuplicates();
      default -> throw new AssertionError("what does a panel of this type need? " + panel);
    }
  }

  @ParameterizedTest
  @MethodSource("panels")
  void columnsThatAPanelNamesAreThere(Dashboard dashboard, Panel panel) throws Exception {
    List<String> fields = visitor.ask(panel.sql()).fields();

    assertThat(panel.overrides())
        .filteredOn(override -> override.get("matcher").get("id").text().equals("byName"))
        .extracting(override -> override.get("matcher").get("options").text())
        .filteredOn(name -> !name.contains("\\"))
        .isSubsetOf(fields);
  }

  @ParameterizedTest
  @MethodSource("panels")
  void nothingChosenAndNoSuchJobAreNoErrors(Dashboard dashboard, Panel panel) throws Exception {
    for (String job : List.of("", "none", "key:99", "key:x", "it's", "c/none")) {
      visitor.ask(grafana.with("job", job).with("jobs", job).with("key").with("each"), panel.sql());
    }
    visitor.ask(grafana.with("jobs").with("stream").with("state", "none"), panel.sql());
  }

  @ParameterizedTest
  @MethodSource("panels")
  void everyChoiceOfAGraphIsUnderstood(Dashboard dashboard, Panel panel) throws Exception {
    for (String sameX : List.of("last", "mean", "spread")) {
      for (String smooth : List.of("0", "5", "20", "100")) {
        visitor.ask(
            grafana.with("same_x", sameX).with("smooth", smooth).with("clip", "0.05"), panel.sql());
      }
    }
    for (String statistic : List.of("last", "min", "max", "first", "count", "difference")) {
      visitor.ask(grafana.with("statistic", statistic), panel.sql());
    }
  }

  @ParameterizedTest
  @MethodSource("variables")
  void aVariableOffersTextsAndValues(String dashboard, String name, String sql) throws Exception {
    Answer answer = visitor.ask(sql);

    // Without both names Grafana would take all columns for options.
    assertThat(answer.fields().subList(0, 2)).containsExactly("__text", "__value");
    assertThat(answer.types().subList(0, 2)).containsExactly("string", "string");
    assertThat(answer.column("__text")).isNotEmpty().doesNotContainNull();
    assertThat(answer.column("__value")).doesNotHaveDuplicates();
    visitor.ask(grafana.with("job", "none").with("jobs").with("key").with("x", ""), sql);
  }

  @Test
  void jobsAreListedNewestFirstWithTheirLastValuesAndTheirTime() throws Exception {
    Answer jobs = visitor.ask(Dashboard.named("Jobs").panel("table", "Jobs").sql());

    assertThat(jobs.column("job")).containsExactly("1004", "1003", "1002", "1001");
    assertThat(jobs.column("state")).containsExactly("running", "failed", "completed", "running");
    assertThat(jobs.column("mode")).containsExactly("metadata", "disabled", "enabled", "enabled");
    assertThat(jobs.column("user")).containsExactly("dora", "carol", "bob", "alice");
    assertThat(String.valueOf(jobs.column("latest values").get(2)))
        .contains("loss = 0.125", "epoch = 1");
    assertThat(jobs.column("from_ms").getLast())
        .isEqualTo(String.valueOf(visitor.start().minusSeconds(60).toEpochMilli()));
    assertThat(jobs.column("to_ms").getLast()).isEqualTo("now");
    assertThat(jobs.column("to_ms").get(2)).asString().matches("\\d{13}");
    assertThat(jobs.type("from_ms")).isEqualTo("string");
  }

  @Test
  void jobsAreChosenByUserStateNameAndTime() throws Exception {
    String sql = Dashboard.named("Jobs").panel("table", "Jobs").sql();

    assertThat(visitor.ask(grafana.with("user", "bob"), sql).column("job")).containsExactly("1002");
    assertThat(visitor.ask(grafana.with("state", "failed"), sql).column("job"))
        .containsExactly("1003");
    assertThat(visitor.ask(grafana.with("search", "004"), sql).column("job"))
        .containsExactly("1004");
    assertThat(
            visitor
                .ask(
                    grafana.between(
                        visitor.start().minusSeconds(99), visitor.start().minusSeconds(9)),
                    sql)
                .rows())
        .isEmpty();
    assertThat(
            visitor
                .ask(grafana.between(visitor.start(), visitor.start().plusSeconds(1)), sql)
                .column("job"))
        .containsExactly("1001");
  }

  @Test
  void jobsAreComparedOverOneXUnderTheirNames() throws Exception {
    Dashboard compare = Dashboard.named("Compare jobs");
    Answer graph = visitor.ask(grafana.with("key", "loss"), compare.panel("trend", "${key}").sql());
    Answer statistics =
        visitor.ask(grafana.with("statistic", "difference"), compare.panel("table", "Keys").sql());

    assertThat(graph.column("key")).containsOnly("1001 train", "1002 train");
    assertThat(statistics.fields()).containsExactly("key", "label", "value");
    assertThat(statistics.rows()).contains(List.of("step", "1002 train", -4.0));
  }

  @Test
  void aDifferenceThatNoNumberHoldsIsAHole() throws Exception {
    String sql = Dashboard.named("Compare jobs").panel("table", "Keys").sql();
    GrafanaSql jobs = grafana.with("jobs", "1004", "1002").with("statistic", "difference");

    assertThat(visitor.ask(jobs, sql).rows())
        .contains(Arrays.asList("huge", "1002 train", null), List.of("n", "1004 train", 0.0));
  }
}
