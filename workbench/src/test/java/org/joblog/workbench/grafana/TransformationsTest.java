package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.joblog.workbench.grafana.Dashboard.Panel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Grafana's own transformations make of the answers from a real database. */
class TransformationsTest {

  private static final String RAW = " (raw)\u200b";

  private static Map<String, List<Node>> results = Map.of();

  /** One start of Node.js for all. */
  @BeforeAll
  static void transform() throws Exception {
    List<String> names = new ArrayList<>();
    List<Object> work = new ArrayList<>();
    try (Visitor visitor = Visitor.arrive()) {
      GrafanaSql grafana = visitor.choices();
      Dashboard details = Dashboard.named("Job details");
      Dashboard compare = Dashboard.named("Compare jobs");
      Map<String, Asked> asked = new LinkedHashMap<>();
      asked.put("by x", new Asked(details.panel("trend", "Metadata"), grafana));
      asked.put(
          "spread",
          new Asked(
              details.panel("trend", "Metadata"),
              grafana.with("same_x", "spread").with("key", "(all)")));
      asked.put(
          "smoothed", new Asked(details.panel("trend", "Metadata"), grafana.with("smooth", "5")));
      asked.put("one key", new Asked(details.panel("trend", "${each}"), grafana));
      asked.put(
          "empty", new Asked(details.panel("trend", "Metadata"), grafana.with("job", "1003")));
      asked.put(
          "compared", new Asked(compare.panel("trend", "${key}"), grafana.with("key", "loss")));
      asked.put("statistics", new Asked(compare.panel("table", "Keys"), grafana));
      for (var entry : asked.entrySet()) {
        names.add(entry.getKey());
        work.add(entry.getValue().toJson(visitor));
      }
    }
    results = run(names, work);
  }

  @AfterAll
  static void forget() {
    results = Map.of();
  }

  private static Map<String, List<Node>> run(List<String> names, List<Object> work)
      throws Exception {
    List<Node> frames = GrafanaLibrary.run("transform.cjs", work);
    Map<String, List<Node>> byName = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i), frames.get(i).list());
    }
    return byName;
  }

  private record Asked(Panel panel, GrafanaSql chosen) {

    Object toJson(Visitor visitor) throws Exception {
      Answer answer = visitor.ask(chosen, panel.sql());
      List<Object> fields = new ArrayList<>();
      List<Object> values = new ArrayList<>();
      for (String field : answer.fields()) {
        fields.add(Map.of("name", field, "type", answer.type(field)));
        values.add(answer.column(field));
      }
      return Map.of(
          "frame", Map.of("fields", fields, "values", values),
          "transformations", values(panel.transformations()),
          "overrides", values(panel.overrides()));
    }
  }

  private static List<Object> values(List<Node> nodes) {
    return nodes.stream().<Object>map(node -> Objects.requireNonNull(node.value())).toList();
  }

  private static List<String> names(String result) {
    return Objects.requireNonNull(results.get(result)).stream()
        .map(field -> field.get("name").text())
        .toList();
  }

  private static List<@Nullable Double> values(String result, String name) {
    List<Node> fields = Objects.requireNonNull(results.get(result));
    Node field = fields.get(names(result).indexOf(name));
    assertThat(field.get("type").text()).isEqualTo("number");
    List<@Nullable Double> values = new ArrayList<>();
    for (Node value : field.get("values").list()) {
      values.add(value.value() instanceof Number number ? (Double) number.doubleValue() : null);
    }
    return values;
  }

  @Test
  void aGraphByXHasItsXFirstAndOneFieldForEachKey() {
    assertThat(names("by x").getFirst()).isEqualTo("x\\key");
    assertThat(names("by x")).containsExactlyInAnyOrder("x\\key", "loss", "lr", "val.acc");
    assertThat(values("by x", "x\\key")).containsExactly(0.0, 1.0, 2.0);
    assertThat(values("by x", "val.acc")).containsExactly(0.04, 0.08, 0.12);
    assertThat(values("by x", "loss")).containsExactly(0.25, 0.125, 1 / 12.0);
  }

  @Test
  void xRisesStrictlyAndStandsThereOnceAlsoWhereKeysAreSpread() {
    List<@Nullable Double> x = values("spread", "x\\key");

    assertThat(x).hasSize(12).isSorted().doesNotHaveDuplicates();
    assertThat(values("spread", "step")).doesNotContainNull();
  }

  @Test
  void underASmoothedCurveLiesTheOneThatWasPrintedInADressOfItsOwn() {
    assertThat(names("smoothed"))
        .containsExactlyInAnyOrder(
            "x\\key", "loss", "loss" + RAW, "lr", "lr" + RAW, "val.acc", "val.acc" + RAW);
    assertThat(names("smoothed").indexOf("loss" + RAW))
        .isLessThan(names("smoothed").indexOf("loss"));
    assertThat(values("smoothed", "loss" + RAW)).isEqualTo(values("by x", "loss"));
    assertThat(values("smoothed", "loss")).isNotEqualTo(values("by x", "loss"));
    assertThat(Objects.requireNonNull(results.get("smoothed")))
        .filteredOn(field -> !field.get("overrides").text().equals("0"))
        .extracting(field -> field.get("name").text())
        .containsExactlyInAnyOrder("loss" + RAW, "lr" + RAW, "val.acc" + RAW);
  }

  @Test
  void aSmallGraphHasOneSeriesNamedByItsKey() {
    assertThat(names("one key")).containsExactly("x\\key", "loss");
  }

  @Test
  void whereNothingIsOneEmptySeriesSaysWhy() {
    assertThat(names("empty")).containsExactly("x\\key", "no numbers over this X");
    assertThat(values("empty", "no numbers over this X")).containsOnlyNulls();
  }

  @Test
  void jobsAreComparedUnderTheirNames() {
    assertThat(names("compared")).containsExactly("x\\key", "1001 train", "1002 train");
    assertThat(values("compared", "1001 train")).hasSize(3).doesNotContainNull();
    assertThat(values("compared", "1002 train").getLast()).isNull();
  }

  @Test
  void statisticsHaveARowForEachKeyAndAColumnForEachJob() {
    assertThat(names("statistics")).containsExactly("key\\label", "1001 train", "1002 train");
    List<Node> keys =
        Objects.requireNonNull(results.get("statistics")).getFirst().get("values").list();
    assertThat(keys)
        .extracting(Node::text)
        .containsExactly("$t(s)", "a", "a (raw)", "epoch", "huge", "loss", "lr", "step", "val.acc");
    assertThat(values("statistics", "1002 train").get(7)).isEqualTo(8.0);
    // The first key is none of the first job's; its column is the first all the same.
    assertThat(values("statistics", "1001 train").getFirst()).isNull();
  }
}
