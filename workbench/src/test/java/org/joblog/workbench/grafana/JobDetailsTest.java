package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.joblog.workbench.grafana.Dashboard.Panel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the dashboard "Job details" shows of a job that a real server stored. */
class JobDetailsTest {

  /**
   * What stands behind the name of a curve as printed: no key ends with a character of no width.
   */
  private static final String RAW = " (raw)\u200b";

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

  private static Answer details(String type, String title, GrafanaSql chosen) throws Exception {
    return visitor.ask(chosen, Dashboard.named("Job details").panel(type, title).sql());
  }

  @Test
  void theHeaderShowsStateAndMode() throws Exception {
    Answer header = details("table", "Job", grafana);

    assertThat(header.rows()).hasSize(1);
    assertThat(header.column("state")).containsExactly("running");
    assertThat(header.column("mode")).containsExactly("enabled");
    assertThat(header.column("user")).containsExactly("alice");
    assertThat(details("table", "Job", grafana.with("job", "1003")).column("exit"))
        .containsExactly("3");
  }

  @Test
  void noticesAreNewestFirst() throws Exception {
    assertThat(details("table", "Notices", grafana).column("kind"))
        .containsExactly("command_error", "command", "command", "command");
    assertThat(details("table", "Notices", grafana.with("job", "1002")).column("kind"))
        .contains("gap");
    assertThat(details("table", "Notices", grafana.with("job", "1003")).column("message"))
        .anySatisfy(message -> assertThat(message).asString().contains("mode"));
  }

  @Test
  void theLogIsStdoutAndStderrIsOneClickAway() throws Exception {
    List<Object> stdout = details("logs", "Log", grafana).column("body");
    List<Object> stderr = details("logs", "Log", grafana.with("stream", "stderr")).column("body");
    List<Object> both =
        details("logs", "Log", grafana.with("stream", "stdout", "stderr")).column("body");

    assertThat(stdout).contains("hello from stdout").doesNotContain("warning: slow disk");
    assertThat(stderr).contains("warning: slow disk").doesNotContain("hello from stdout");
    assertThat(both).contains("warning: slow disk", "hello from stdout");
    assertThat(details("logs", "stderr", grafana).column("body"))
        .contains("warning: slow disk")
        .doesNotContain("hello from stdout");
  }

  @Test
  void whatWasPrintedWhileHiddenIsNowhere() throws Exception {
    for (Panel panel : Dashboard.named("Job details").panels()) {
      assertThat(visitor.ask(panel.sql()).rows().toString()).doesNotContain("s3cret");
    }
  }

  @Test
  void linesOfOneMomentKeepTheirOrder() throws Exception {
    Answer log = details("logs", "Log", grafana);
    List<Long> nanos = log.column("tsNs").stream().map(String::valueOf).map(Long::valueOf).toList();

    assertThat(nanos).isSorted().doesNotHaveDuplicates();
    assertThat(log.column("id")).doesNotHaveDuplicates();
    assertThat(log.column("body").indexOf("first of a burst") + 1)
        .isEqualTo(log.column("body").indexOf("second of a burst"));
  }

  @Test
  void searchFindsALineAlsoByWordsWithQuotes() throws Exception {
    assertThat(details("logs", "Log", grafana.with("search", "HELLO FROM")).column("body"))
        .containsExactly("hello from stdout");
    assertThat(details("logs", "Log", grafana.with("search", "say \"it's")).column("body"))
        .containsExactly("say \"it's\" 100%_done");
    assertThat(details("logs", "Log", grafana.with("search", "0%_d")).rows()).hasSize(1);
  }

  @Test
  void searchTakesWhateverIsTypedForWords() throws Exception {
    for (String words : List.of("$HOME(1)", "$HOME(1) \\ %41 é", "$__timeFrom(", "%41", "\\")) {
      boolean isThere = "rm -r $HOME(1) \\ %41 é".contains(words);
      assertThat(details("logs", "Log", grafana.with("search", words)).rows())
          .as(words)
          .hasSize(isThere ? 1 : 0);
    }
  }

  @Test
  void aKeyThatLooksLikeAMacroServesAsX() throws Exception {
    GrafanaSql chosen = grafana.with("job", "1002").with("key", "a").with("x", "$t(s)");

    assertThat(details("trend", "Metadata", chosen).numbers("x")).containsExactly(1.0, 2.0);
  }

  @Test
  void aKeyThatIsCalledRawIsACurveOfItsOwnBesideASmoothedOne() throws Exception {
    GrafanaSql both =
        grafana
            .with("job", "1002")
            .with("key", "a", "a (raw)")
            .with("x", "$t(s)")
            .with("smooth", "5");

    for (String type : List.of("trend", "timeseries")) {
      Answer graph = details(type, "Metadata", both);
      assertThat(graph.valuesOf("a (raw)")).as(type).containsExactly(3.0, 3.0);
      assertThat(graph.valuesOf("a" + RAW)).as(type).containsExactly(1.0, 9.0);
    }
  }

  @Test
  void aBarInProgressIsShownAndCorrected() throws Exception {
    visitor.jobs().bar("\r 60%|######    |");
    await().untilAsserted(() -> assertThat(lastLine()).isEqualTo(" 60%|######    |"));
    visitor.jobs().bar("\r 70%|#######   |");
    await().untilAsserted(() -> assertThat(lastLine()).isEqualTo(" 70%|#######   |"));
    assertThat(details("logs", "Log", grafana).column("body")).doesNotContain(" 60%|######    |");
  }

  @Test
  void graphsByXLeaveCountersAwayUnlessTheyAreChosen() throws Exception {
    assertThat(details("trend", "Metadata", grafana).column("key"))
        .containsOnly("loss", "lr", "val.acc");
    assertThat(details("trend", "Metadata", grafana.with("key", "(all)")).column("key"))
        .containsOnly("loss", "lr", "step", "val.acc");
    assertThat(details("trend", "Metadata", grafana.with("key", "step")).column("key"))
        .containsOnly("step");
  }

  @Test
  void theLastValueAtAnXIsDrawnUnlessAnotherPolicyIsChosen() throws Exception {
    GrafanaSql loss = grafana.with("key", "loss");

    assertThat(details("trend", "Metadata", loss).numbers("x")).containsExactly(0.0, 1.0, 2.0);
    assertThat(details("trend", "Metadata", loss).numbers("value"))
        .containsExactly(1 / 4.0, 1 / 8.0, 1 / 12.0);
    assertThat(details("trend", "Metadata", loss.with("same_x", "spread")).numbers("x"))
        .hasSize(12)
        .doesNotHaveDuplicates();
    assertThat(details("trend", "Metadata", loss.with("x", "step")).numbers("x")).hasSize(12);
  }

  @Test
  void valuesThatAreNoNumbersAreHolesInGraphsAndTextInTheTable() throws Exception {
    assertThat(details("timeseries", "Metadata", grafana.with("key", "loss")).rows()).hasSize(12);
    assertThat(details("table", "Records", grafana).column("(record)").toString()).contains("NaN");
    Answer keys = details("table", "Latest values", grafana);
    assertThat(keys.column("holes").get(keys.column("key").indexOf("loss"))).isEqualTo(1.0);
  }

  @Test
  void smoothingTakesTheMeanAndClippingStopsAtTheBorder() throws Exception {
    GrafanaSql step = grafana.with("key", "step").with("x", "step");

    assertThat(details("trend", "Metadata", step).numbers("value"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 12).mapToObj(i -> (double) i).toList());
    assertThat(
            details("trend", "Metadata", step.with("smooth", "5")).valuesOf("step").subList(2, 10))
        .containsExactlyElementsOf(IntStream.rangeClosed(3, 10).mapToObj(i -> (double) i).toList());
    assertThat(details("trend", "Metadata", step.with("clip", "0.2")).numbers("value"))
        .containsExactly(3.0, 3.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 10.0, 10.0);
  }

  @Test
  void whatWasPrintedStaysBeneathASmoothedCurve() throws Exception {
    GrafanaSql step = grafana.with("key", "step").with("x", "step").with("smooth", "5");
    List<Double> printed = IntStream.rangeClosed(1, 12).mapToObj(i -> (double) i).toList();

    for (String type : List.of("trend", "timeseries")) {
      assertThat(details(type, "Metadata", step).valuesOf("step" + RAW)).isEqualTo(printed);
      assertThat(details(type, "Metadata", step).valuesOf("step").getFirst()).isEqualTo(2.0);
    }
  }

  @Test
  void onALogarithmicScaleZeroAndWhatLiesBelowAreLeftOut() throws Exception {
    GrafanaSql epoch = grafana.with("key", "epoch").with("x", "step");

    for (String type : List.of("trend", "timeseries")) {
      String sql =
          Dashboard.named("Job details").panels().stream()
              .filter(panel -> panel.type().equals(type) && panel.title().endsWith("log"))
              .findFirst()
              .orElseThrow()
              .sql();
      assertThat(visitor.ask(epoch, sql).column("value"))
          .as(type)
          .startsWith(null, null, null, null, 1.0)
          .endsWith(2.0);
    }
  }

  @Test
  void hugeValuesAreDrawnAndSmoothedWithoutAnError() throws Exception {
    GrafanaSql huge = grafana.with("job", "1002").with("key", "huge").with("smooth", "5");

    assertThat(details("timeseries", "Metadata", huge).valuesOf("huge"))
        .containsExactly(1e308, -1.7e308, 1.5e308);
    assertThat(details("trend", "Metadata", huge.with("x", "huge")).valuesOf("huge"))
        .containsExactly(-1.7e308, 1e308, 1.5e308);
  }

  @Test
  void ofManyKeysThoseWithTheMostNumbersGetASmallGraph() throws Exception {
    String each = Dashboard.named("Job details").variable("each").get("query").text();

    assertThat(visitor.ask(grafana.with("job", "1004"), each).column("__value"))
        .hasSize(24)
        .contains("n")
        .doesNotContain("w.9")
        .isSorted();
  }

  @Test
  void tablesAreNewestFirst() throws Exception {
    for (String title : List.of("Records", "Latest values", "Notices")) {
      List<Instant> times =
          details("table", title, grafana).column("time").stream()
              .map(time -> Instant.parse(String.valueOf(time)))
              .toList();
      assertThat(times).as(title).isNotEmpty().isSortedAccordingTo((a, b) -> b.compareTo(a));
    }
  }

  /** As <em>Extract fields</em> wants it: objects, under a name that no key of a user has. */
  @Test
  void aRecordIsOneColumnOfJsonObjectsThatTheTableTakesApart() throws Exception {
    Answer records = details("table", "Records", grafana);
    assertThat(records.fields()).containsExactly("time", "(record)");
    assertThat(records.types()).containsExactly("time", "other");
    assertThat(records.column("(record)"))
        .isNotEmpty()
        .allSatisfy(record -> assertThat(String.valueOf(record)).startsWith("{").endsWith("}"));
  }

  @Test
  void theSummaryHasLastLeastAndGreatest() throws Exception {
    Answer keys = details("table", "Latest values", grafana);
    int step = keys.column("key").indexOf("step");

    assertThat(keys.column("last").get(step)).isEqualTo("12");
    assertThat(keys.column("min").get(step)).isEqualTo(1.0);
    assertThat(keys.column("max").get(step)).isEqualTo(12.0);
    assertThat(keys.column("kind")).contains("X axis: epoch");
  }

  @Test
  void theSummaryChoosesXOnceAndNotForEachOfAThousandKeys() throws Exception {
    String sql = Dashboard.named("Job details").panel("table", "Latest values").sql();
    List<String> plan =
        visitor.ask("EXPLAIN (VERBOSE, COSTS OFF) " + sql).column("QUERY PLAN").stream()
            .map(String::valueOf)
            .toList();
    int choice =
        IntStream.range(0, plan.size())
            .filter(i -> plan.get(i).contains("metadata_x("))
            .findFirst()
            .orElseThrow();

    assertThat(plan.subList(choice - 2, choice)).anyMatch(line -> line.contains("InitPlan"));
    assertThat(plan).filteredOn(line -> line.contains("metadata_x(")).hasSize(1);
  }

  @Test
  void aJobWithoutNumbersSaysSoInsteadOfAnError() throws Exception {
    Answer empty = details("trend", "Metadata", grafana.with("job", "1003"));

    assertThat(empty.rows()).hasSize(1);
    assertThat(empty.column("key")).containsExactly("no numbers over this X");
    assertThat(empty.column("value")).containsOnlyNulls();
  }

  @Test
  void theChoiceOfXBeginsWithAutoAndFollowsTheClasses() throws Exception {
    Answer x = visitor.ask(Dashboard.named("Job details").variable("x").get("query").text());

    assertThat(x.column("__value"))
        .containsExactly("auto", "epoch", "step", "val.acc", "loss", "lr");
    assertThat(x.column("__text").getFirst()).isEqualTo("(auto) epoch");
    String sql = Dashboard.named("Job details").variable("x").get("query").text();
    assertThat(visitor.ask(grafana.with("job", "1003"), sql).column("__text"))
        .containsExactly("(auto)");
  }

  private static Object lastLine() throws Exception {
    return details("logs", "Log", grafana).column("body").getLast();
  }
}
