package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The structural rules of Grafana's own linter, and of docs/decisions/070. */
class DashboardLintTest {

  private static final Pattern MENTIONED = Pattern.compile("\\$\\{?(\\w+)(?::\\w+)?}?");
  private static final Pattern ENCODED = Pattern.compile(".\\$\\{(\\w+):percentencode}.");
  private static final Set<String> BUILT_IN =
      Set.of(
          "__data",
          "__value",
          "__all_variables",
          "__rate_interval",
          "__interval",
          "__timeFrom",
          "__timeTo",
          "__url_time_range");

  static List<Dashboard> dashboards() throws IOException {
    return Dashboard.all();
  }

  @Test
  void theDashboardsAreThere() throws IOException {
    assertThat(dashboards()).extracting(Dashboard::name).containsExactlyElementsOf(Dashboard.NAMES);
    assertThat(dashboards().stream().map(d -> d.root().get("uid").text()))
        .doesNotHaveDuplicates()
        .allMatch(uid -> uid.matches("joblog-[a-z-]{1,33}"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aDashboardIsOfTheSchemaThatAllSupportedVersionsRead(Dashboard dashboard) {
    assertThat(dashboard.root().get("schemaVersion").value()).isEqualTo(42);
    assertThat(dashboard.root().get("editable").value()).isEqualTo(false);
    assertThat(dashboard.root().get("description").text()).isNotBlank();
    assertThat(dashboard.root().keys()).doesNotContain("id", "version", "__inputs");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyQueryAsksTheChosenDataSource(Dashboard dashboard) {
    String type = dashboard.variable("datasource").get("query").text();
    Stream<Node> asking =
        Stream.concat(
            dashboard.panels().stream()
                .flatMap(panel -> Stream.concat(Stream.of(panel.root()), panel.targets().stream())),
            dashboard.variables().stream().filter(v -> v.get("type").text().equals("query")));

    assertThat(asking.map(node -> node.get("datasource")))
        .isNotEmpty()
        .allSatisfy(source -> {
          assertThat(source.get("type").text()).isEqualTo(type);
          assertThat(source.get("uid").text()).isEqualTo("${datasource}");
        });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyPanelSaysWhatItShowsAndWhyItIsEmpty(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .allSatisfy(panel -> {
          assertThat(panel.title()).isNotBlank();
          assertThat(panel.root().get("description").text()).endsWith(".").hasSizeGreaterThan(15);
          assertThat(panel.root().get("fieldConfig").get("defaults").get("noValue").text())
              .isNotBlank();
          assertThat(panel.targets()).isNotEmpty();
        });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyGraphHasAUnitAndTheLegendThatUsersAreTold(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .filteredOn(panel -> Set.of("timeseries", "trend", "stat").contains(panel.type()))
        .allSatisfy(panel ->
            assertThat(panel.root().get("fieldConfig").get("defaults").get("unit").text())
                .isNotBlank());
    assertThat(dashboard.panels())
        .filteredOn(panel -> Set.of("timeseries", "trend").contains(panel.type()))
        .filteredOn(panel -> panel.root().get("options").get("legend").get("showLegend").isTrue())
        .filteredOn(panel -> dashboard.isOnSql())
        .allSatisfy(panel -> {
          Node legend = panel.root().get("options").get("legend");
          assertThat(legend.get("calcs").list())
              .extracting(Node::text)
              .containsExactly("lastNotNull", "min", "max");
          assertThat(panel.root().get("description").text()).contains("Ctrl+click");
        });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsLieBesideEachOther(Dashboard dashboard) {
    List<Node> outside = dashboard.root().get("panels").list();
    lieBesideEachOther(outside);
    // Those of a closed row push away what follows when it is opened.
    outside.forEach(row -> lieBesideEachOther(row.get("panels").list()));
    assertThat(dashboard.panels())
        .extracting(panel -> panel.root().get("id").value())
        .doesNotHaveDuplicates();
  }

  private static void lieBesideEachOther(List<Node> panels) {
    Set<List<Integer>> cells = new HashSet<>();
    for (Node panel : panels) {
      Node place = panel.get("gridPos");
      int x = (int) place.get("x").value();
      int y = (int) place.get("y").value();
      for (int column = x; column < x + (int) place.get("w").value(); column++) {
        for (int line = y; line < y + (int) place.get("h").value(); line++) {
          assertThat(cells.add(List.of(column, line)))
              .as("%s at %d, %d", panel.get("title").text(), column, line)
              .isTrue();
        }
      }
      assertThat(x + (int) place.get("w").value()).isLessThanOrEqualTo(24);
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyVariableThatIsMentionedIsThere(Dashboard dashboard) {
    Set<String> known = new HashSet<>(BUILT_IN);
    dashboard.variables().forEach(variable -> known.add(variable.get("name").text()));

    assertThat(texts(dashboard.root()).flatMap(DashboardLintTest::mentioned)).isSubsetOf(known);
  }

  private static Stream<String> mentioned(String text) {
    return MENTIONED.matcher(text).results().map(match -> match.group(1));
  }

  private static Stream<String> texts(Node node) {
    return Stream.concat(
        node.value() instanceof String text && !text.equals("$__all")
            ? Stream.of(text)
            : Stream.of(),
        Stream.concat(
            node.list().stream().flatMap(DashboardLintTest::texts),
            node.keys().stream().flatMap(key -> texts(node.get(key)))));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void sqlKeepsClearOfGrafanasTraps(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .filteredOn(panel -> dashboard.isOnSql())
        .allSatisfy(panel -> {
          assertThat(panel.format())
              .isEqualTo(panel.type().equals("timeseries") ? "time_series" : "table");
          assertThat(panel.targets().getFirst().get("rawQuery").isTrue()).isTrue();
          // Older versions expand macros in comments, too.
          assertThat(panel.sql()).doesNotContain("--").doesNotContain("/*");
          assertThat(panel.sql()).doesNotContain("joblog.");
        });
  }

  /** Its letters are safe between quotes; of several values it would make one text in braces. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void anEncodedVariableHasOneValueAndStandsBetweenQuotes(Dashboard dashboard) {
    Set<String> several =
        dashboard.variables().stream()
            .filter(variable -> variable.get("multi").isTrue())
            .map(variable -> variable.get("name").text())
            .collect(Collectors.toSet());

    assertThat(dashboard.panels())
        .filteredOn(panel -> dashboard.isOnSql())
        .flatExtracting(panel -> ENCODED.matcher(panel.sql()).results().toList())
        .allSatisfy(match -> {
          assertThat(match.group()).matches("'.*'");
          assertThat(several).doesNotContain(match.group(1));
        });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aGraphByXNamesItsXAndFillsHolesWithNothing(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .filteredOn(panel -> panel.type().equals("trend"))
        .allSatisfy(panel -> {
          Node options = panel.transformations().getFirst().get("options");
          assertThat(panel.root().get("options").get("xField").text())
              .isEqualTo(options.get("rowField").text() + "\\" + options.get("columnField").text());
          assertThat(options.get("emptyValue").text()).isEqualTo("null");
        });
  }

  private static final String AROUND =
      "/d/joblog-job-details/job-details?${__all_variables}&time=${__value.time}&time.window=120000";

  @ParameterizedTest
  @MethodSource("dashboards")
  void linksToJobsCarryTheJobAndItsTime(Dashboard dashboard) {
    assertThat(
            texts(dashboard.root())
                .filter(text -> text.startsWith("/d/joblog-job-details"))
                .filter(text -> !text.equals(AROUND)))
        .allSatisfy(url ->
            assertThat(url)
                .contains("var-job=${__data.fields.ref:percentencode}")
                .contains("from=${__data.fields.from_ms}&to=${__data.fields.to_ms}")
                .contains("${datasource:queryparam}"));
  }

  /**
   * Grafana reads "time" and "time.window" of an address as the middle and the width of a range.
   */
  @ParameterizedTest
  @MethodSource("dashboards")
  void aPointOfAGraphByTimeLeadsToTheLogAroundIt(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .filteredOn(panel -> dashboard.isOnSql() && panel.type().equals("timeseries"))
        .allSatisfy(panel -> {
          Node links = panel.root().get("fieldConfig").get("defaults").get("links");
          assertThat(links.list())
              .extracting(link -> link.get("url").text())
              .containsExactly(AROUND);
        });
  }
}
