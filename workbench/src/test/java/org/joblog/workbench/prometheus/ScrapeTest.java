package org.joblog.workbench.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.Checkout;
import org.joblog.workbench.grafana.JobOutput;
import org.joblog.workbench.grafana.Node;
import org.joblog.workbench.grafana.TestCluster;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A real Prometheus with the configuration that ships scrapes a running server. */
class ScrapeTest {

  /** Metrics that only exist after something happened in the virtual machine. */
  private static final Set<String> LATER = Set.of("jvm_gc_pause_seconds_sum");

  private static final Pattern METRIC =
      Pattern.compile("(?<![\\w:$\"])(?:instance:)?(?:joblog|jvm|process)_\\w+(?::\\w+)?");

  @AutoClose private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void everyMetricOfRulesAndDashboardIsScrapedAndEveryExpressionIsUnderstood(@TempDir Path folder)
      throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      try (JobOutput job = new JobOutput(cluster.server().address(), "1", "a", "", Instant.now())) {
        job.print("line\n{\"n\":1}\n").end(0);
      }
      int port = freePort();
      Process prometheus = start(folder, cluster.server().httpAddress().getPort(), port);
      try {
        URI api = URI.create("http://127.0.0.1:" + port + "/api/v1/");
        await()
            .atMost(Duration.ofMinutes(1))
            .ignoreExceptions()
            .untilAsserted(() -> assertThat(names(api)).containsAll(mentioned()));
        assertThat(query(api, "up{job=\"joblog\"}").toString()).contains("value=[").contains("1]");
        for (String expression : expressions().toList()) {
          assertThat(query(api, expression).get("status").text())
              .as(expression)
              .isEqualTo("success");
        }
        assertThat(ask(api.resolve("rules")).toString()).doesNotContain("lastError=e");
      } finally {
        prometheus.destroy();
        assertThat(prometheus.waitFor(30, TimeUnit.SECONDS)).as("Prometheus stopped").isTrue();
      }
    }
  }

  /** The shipped configuration, but for the address and the patience. */
  private static Process start(Path folder, int target, int port) throws IOException {
    for (String rules : List.of("joblog.rules.yml", "joblog.alerts.yml")) {
      Files.writeString(folder.resolve(rules), Checkout.text("deploy/prometheus/" + rules));
    }
    String config =
        Checkout.text("deploy/prometheus/prometheus.yml")
            .replace("localhost:7471", "127.0.0.1:" + target)
            .replace("_interval: 15s", "_interval: 1s");
    Files.writeString(folder.resolve("prometheus.yml"), config);
    return new ProcessBuilder(
            Programs.ofPrometheus("prometheus").toString(),
            "--config.file=" + folder.resolve("prometheus.yml"),
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Expressions of the dashboard and of the rules, with what Grafana puts in. */
  private static Stream<String> expressions() throws IOException {
    Node dashboard =
        Checkout.yaml(Checkout.path("deploy/grafana/dashboards/joblog-server/server.json"));
    Stream<String> ofPanels =
        dashboard.get("panels").list().stream()
            .flatMap(panel -> panel.get("targets").list().stream())
            .map(target -> target.get("expr").text())
            .map(e -> e.replace("$__rate_interval", "1m"))
            .map(e -> e.replace("$job", ".+").replace("$instance", ".+"));
    Stream<String> ofRules =
        Stream.concat(rules("joblog.rules.yml"), rules("joblog.alerts.yml"))
            .map(rule -> rule.get("expr").text());
    return Stream.concat(ofPanels, ofRules);
  }

  private static Stream<Node> rules(String name) throws IOException {
    return Checkout.yaml(Checkout.path("deploy/prometheus/" + name)).get("groups").list().stream()
        .flatMap(group -> group.get("rules").list().stream());
  }

  private static Set<String> mentioned() throws IOException {
    Set<String> names =
        expressions()
            .flatMap(e -> METRIC.matcher(e).results())
            .map(match -> match.group())
            .collect(Collectors.toCollection(TreeSet::new));
    names.removeAll(LATER);
    assertThat(names).hasSizeGreaterThan(20);
    return names;
  }

  private Set<String> names(URI api) throws Exception {
    return ask(api.resolve("label/__name__/values")).get("data").list().stream()
        .map(Node::text)
        .collect(Collectors.toSet());
  }

  private Node query(URI api, String expression) throws Exception {
    return ask(api.resolve("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)));
  }

  private Node ask(URI uri) throws Exception {
    String body = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    return new Node(new Yaml(new SafeConstructor(new LoaderOptions())).load(body));
  }
}
