package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joblog.workbench.grafana.Dashboard.Panel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whether Grafana knows every setting of the dashboards, by its own types. It says nothing when it
 * does not: a misspelt or moved setting is a panel that looks different from what is meant.
 */
class GrafanaTypesTest {

  private static final String CUSTOM = "custom.";

  @Test
  void grafanaKnowsEverySettingOfEveryDashboard() throws Exception {
    List<Map<String, @Nullable Object>> parts = new ArrayList<>();
    for (Dashboard dashboard : Dashboard.all()) {
      parts.add(part(dashboard.name(), "dashboard", withoutDefinitions(dashboard).value()));
      dashboard.panels().forEach(panel -> addParts(dashboard + ", " + panel, panel, parts));
    }

    assertThat(complaintsAbout(parts)).isEmpty();
  }

  @Test
  void whatGrafanaDoesNotKnowIsNamed() throws Exception {
    assertThat(
            complaintsAbout(
                List.of(
                    part("misspelt", "trend custom", Map.of("lineWitdh", 1)),
                    part("good", "trend custom", Map.of("lineWidth", 1)),
                    part("no such value", "logs options", Map.of("sortOrder", "Upwards")),
                    part("deep", "table custom", Map.of("hideFrom", Map.of("vis", true))))))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("misspelt: ").contains("lineWitdh"),
            second -> assertThat(second).startsWith("no such value: ").contains("Upwards"),
            third -> assertThat(third).startsWith("deep: ").contains("vis"));
  }

  private static void addParts(
      String what, Panel panel, List<Map<String, @Nullable Object>> parts) {
    parts.add(part(what, panel.type() + " options", panel.root().get("options").value()));
    Node defaults = panel.root().get("fieldConfig").get("defaults");
    for (String key : defaults.keys()) {
      Object value = defaults.get(key).value();
      parts.add(
          key.equals("custom")
              ? part(what, panel.type() + " custom", value)
              : part(what, "defaults", Map.of(key, value)));
    }
    for (Node override : panel.overrides()) {
      for (Node property : override.get("properties").list()) {
        String id = property.get("id").text();
        boolean custom = id.startsWith(CUSTOM);
        parts.add(
            part(
                what + ", override " + id,
                custom ? panel.type() + " custom" : "defaults",
                nested(custom ? id.substring(CUSTOM.length()) : id, property.get("value"))));
      }
    }
  }

  /** {@code a.b} and a value as {@code {a: {b: value}}}. */
  private static Object nested(String path, Node value) {
    int dot = path.indexOf('.');
    return dot < 0
        ? Collections.singletonMap(path, value.value())
        : Map.of(path.substring(0, dot), nested(path.substring(dot + 1), value));
  }

  /** Grafana writes the query of a variable a second time, under a name that its types lack. */
  private static Node withoutDefinitions(Dashboard dashboard) {
    List<Object> variables = new ArrayList<>();
    for (Node variable : dashboard.variables()) {
      variables.add(copy(variable, "definition", null));
    }
    return new Node(
        copy(dashboard.root(), "templating", Map.<String, Object>of("list", variables)));
  }

  /** A map with another value for one key, or without this key if the value is null. */
  private static Map<String, Object> copy(Node node, String key, @Nullable Object value) {
    Map<String, Object> copy = new LinkedHashMap<>();
    node.keys().forEach(name -> copy.put(name, node.get(name).value()));
    copy.remove(key);
    if (value != null) {
      copy.put(key, value);
    }
    return copy;
  }

  private static Map<String, @Nullable Object> part(
      String what, String type, @Nullable Object value) {
    Map<String, @Nullable Object> part = new LinkedHashMap<>();
    part.put("what", what);
    part.put("type", type);
    part.put("value", value);
    return part;
  }

  private static List<String> complaintsAbout(List<Map<String, @Nullable Object>> parts)
      throws Exception {
    return GrafanaLibrary.run("conform.cjs", parts).stream().map(Node::text).toList();
  }
}
