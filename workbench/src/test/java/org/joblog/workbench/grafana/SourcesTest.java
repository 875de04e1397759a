package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.joblog.workbench.Programs;
import org.junit.jupiter.api.Test;

/** What provisioning loads: data sources, folders, and dashboards that agree with their sources. */
class SourcesTest {

  @Test
  void theDashboardsAreWhatTheirSourcesSay() throws Exception {
    String build = Checkout.path("deploy/grafana/source/build.mjs").toString();

    assertThat(Programs.run(List.of(Programs.node().toString(), build, "--check"), "")).isEmpty();
  }

  @Test
  void theDatabaseIsReadAsTheReaderWithItsNameWhereGrafanaLooksForIt() throws Exception {
    Node file = Checkout.yaml(Checkout.path("deploy/grafana/provisioning/datasources/joblog.yaml"));
    Node jobs = file.get("datasources").list().getFirst();

    assertThat(file.get("apiVersion").value()).isEqualTo(1);
    assertThat(jobs.get("type").text()).isEqualTo("grafana-postgresql-datasource");
    assertThat(jobs.get("user").text()).isEqualTo("joblog_reader");
    // Without it here the data source refuses every query.
    assertThat(jobs.get("jsonData").get("database").text()).isEqualTo("joblog");
    assertThat(jobs.get("secureJsonData").get("password").text()).startsWith("$");
    assertThat(file.get("datasources").list().get(1).get("type").text()).isEqualTo("prometheus");
  }

  @Test
  void everyFolderOfDashboardsIsProvisioned() throws Exception {
    Node file = Checkout.yaml(Checkout.path("deploy/grafana/provisioning/dashboards/joblog.yaml"));

    assertThat(file.get("providers").list())
        .extracting(provider -> Path.of(provider.get("options").get("path").text()).getFileName())
        .extracting(Path::toString)
        .containsExactlyInAnyOrderElementsOf(
            Checkout.files("deploy/grafana/dashboards", ".json").stream()
                .map(json -> String.valueOf(json.getParent().getFileName()))
                .distinct()
                .toList());
  }
}
