package org.joblog.workbench.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.Checkout;
import org.joblog.workbench.grafana.Node;
import org.junit.jupiter.api.Test;

/** Rules and configuration by Prometheus' own promtool. */
class RulesTest {

  private static final Path FOLDER = Checkout.path("deploy/prometheus");

  private static List<Node> alerts() throws Exception {
    return Checkout.yaml(FOLDER.resolve("joblog.alerts.yml")).get("groups").list().stream()
        .flatMap(group -> group.get("rules").list().stream())
        .toList();
  }

  private static String promtool(Stream<Path> files, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Programs.ofPrometheus("promtool").toString());
    command.addAll(List.of(words));
    files.map(Path::toString).forEach(command::add);
    return Programs.run(command, "");
  }

  @Test
  void promtoolFindsNothingWrong() throws Exception {
    assertThat(promtool(Stream.of(FOLDER.resolve("prometheus.yml")), "check", "config"))
        .contains("SUCCESS");
    assertThat(
            promtool(
                Stream.of("joblog.rules.yml", "joblog.alerts.yml").map(FOLDER::resolve),
                "check",
                "rules"))
        .contains("SUCCESS");
  }

  @Test
  void alertsFireWhenTheyShouldAndNotBefore() throws Exception {
    assertThat(
            promtool(Checkout.files("deploy/prometheus/tests", ".yml").stream(), "test", "rules"))
        .contains("SUCCESS");
  }

  @Test
  void everyAlertIsTested() throws Exception {
    String tests = Checkout.text("deploy/prometheus/tests/alerts.yml");

    assertThat(alerts())
        .extracting(alert -> alert.get("alert").text())
        .allSatisfy(name -> assertThat(tests).contains("alertname: " + name + "\n"));
  }

  @Test
  void everyAlertSaysWhatIsWrongAndHasAPageThatSaysWhatToDo() throws Exception {
    assertThat(alerts())
        .isNotEmpty()
        .allSatisfy(alert -> {
          String name = alert.get("alert").text();
          assertThat(name).startsWith("Joblog");
          assertThat(alert.get("for").text()).isNotBlank();
          assertThat(alert.get("labels").get("severity").text())
              .isIn("critical", "warning", "info");
          assertThat(alert.get("annotations").get("summary").text()).isNotBlank();
          assertThat(alert.get("annotations").get("description").text()).endsWith(".");
          Path page = Checkout.path(alert.get("annotations").get("runbook_url").text());
          assertThat(page).hasFileName(name + ".md").exists();
          assertThat(Files.readString(page)).startsWith("# " + name).contains("## Do");
        });
  }

  @Test
  void noPageIsLeftOfAnAlertThatIsGone() throws Exception {
    List<String> names = alerts().stream().map(alert -> alert.get("alert").text()).toList();

    assertThat(Checkout.files("docs/runbooks", ".md"))
        .extracting(page -> String.valueOf(page.getFileName()).replace(".md", ""))
        .containsExactlyInAnyOrderElementsOf(names);
  }
}
