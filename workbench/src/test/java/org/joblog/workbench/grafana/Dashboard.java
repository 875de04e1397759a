package org.joblog.workbench.grafana;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One of the dashboards that provisioning loads. Immutable. */
record Dashboard(String name, Node root) {

  static final List<String> NAMES = List.of("joblog server", "Compare jobs", "Job details", "Jobs");

  static List<Dashboard> all() throws IOException {
    List<Dashboard> all = new ArrayList<>();
    for (var file : Checkout.files("deploy/grafana/dashboards", ".json")) {
      Node root = Checkout.yaml(file);
      all.add(new Dashboard(root.get("title").text(), root));
    }
    return all;
  }

  static Dashboard named(String name) throws IOException {
    return all().stream().filter(d -> d.name.equals(name)).findFirst().orElseThrow();
  }

  /** All panels, those inside of closed rows too, but no rows. */
  List<Panel> panels() {
    List<Panel> panels = new ArrayList<>();
    for (Node panel : root.get("panels").list()) {
      if (!panel.get("type").text().equals("row")) {
        panels.add(new Panel(panel));
      }
      panel.get("panels").list().forEach(inner -> panels.add(new Panel(inner)));
    }
    return panels;
  }

  /** The panel of a type whose title begins so. */
  Panel panel(String type, String title) {
    return panels().stream()
        .filter(panel -> panel.type().equals(type) && panel.title().startsWith(title))
        .findFirst()
        .orElseThrow();
  }

  List<Node> variables() {
    return root.get("templating").get("list").list();
  }

  Node variable(String name) {
    return variables().stream()
        .filter(variable -> variable.get("name").text().equals(name))
        .findFirst()
        .orElseThrow();
  }

  boolean isOnSql() {
    return variable("datasource").get("query").text().equals("grafana-postgresql-datasource");
  }

  @Override
  public String toString() {
    return name;
  }

  /** A panel. Immutable. */
  record Panel(Node root) {

    String type() {
      return root.get("type").text();
    }

    String title() {
      return root.get("title").text();
    }

    List<Node> targets() {
      return root.get("targets").list();
    }

    String sql() {
      return targets().getFirst().get("rawSql").text();
    }

    String format() {
      return targets().getFirst().get("format").text();
    }

    List<Node> overrides() {
      return root.get("fieldConfig").get("overrides").list();
    }

    List<Node> transformations() {
      return root.get("transformations").list();
    }

    @Override
    public String toString() {
      return type() + " \"" + title() + "\"";
    }
  }
}
