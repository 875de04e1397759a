package org.joblog.workbench.slurm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.joblog.ingest.store.Rows;
import org.joblog.workbench.grafana.Checkout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A node's agent, an opted-in user alice and a user bob who is not, for each test; behind them the
 * stage that all share. After each test both nodes must still be there for jobs. Confined to the
 * tests' thread.
 */
final class SlurmRig implements BeforeEachCallback, AfterEachCallback {

  /** Long enough for whatever has to arrive; nothing is asserted of how long it took. */
  static final Duration STORED = Duration.ofSeconds(90);

  private @Nullable SlurmStage stage;
  private @Nullable NodeAgent agent;

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    stage =
        context
            .getRoot()
            .getStore(Namespace.create(SlurmRig.class))
            .computeIfAbsent(SlurmStage.class, key -> started(), SlurmStage.class);
    agent = startAgent();
    optIn("alice", "");
    cluster().plugins(plugin());
  }

  private static SlurmStage started() {
    try {
      return SlurmStage.start();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (stage == null) {
      return;
    }
    agent().stop();
    Files.deleteIfExists(disabled());
    for (String user : List.of("alice", "bob")) {
      cluster().run(List.of("rm", "-rf", optIn(user).toString()));
    }
    assertThat(cluster().nodeStates()).noneMatch(state -> state.matches("(drain|down|fail).*"));
  }

  SlurmStage stage() {
    return requireNonNull(stage);
  }

  SlurmCluster cluster() {
    return stage().cluster();
  }

  NodeAgent agent() {
    return requireNonNull(agent);
  }

  private NodeAgent startAgent(String... options) throws Exception {
    return NodeAgent.start(Checkout.path(""), cluster(), stage().address(), options);
  }

  /** Puts an agent with these options in the place of the usual one. */
  void replaceAgent(String... options) throws Exception {
    agent().stop();
    agent = startAgent(options);
  }

  /** The line of plugstack.conf for the plugin as it is installed. */
  String plugin() {
    return stage().installed().plugstack();
  }

  /** While it is there, nothing is captured. */
  Path disabled() {
    return stage().installed().disabled();
  }

  /** Where a user opts in. */
  static Path optIn(String user) {
    return Path.of("/home", user, ".logoptin");
  }

  void optIn(String user, String content) throws Exception {
    Files.writeString(optIn(user), content);
    cluster().own(optIn(user), user);
  }

  /** Submits a job of one file {@code out} in a folder of its own; gives its id. */
  String submit(String user, String name, String... lines) throws Exception {
    return cluster()
        .submit(
            user,
            cluster().folderOf(user, name),
            List.of("-o", "out"),
            "#!/bin/bash\n" + String.join("\n", lines) + "\n");
  }

  /** The user's own file of a job of {@link #submit}. */
  String file(String name) throws Exception {
    Path out = cluster().folder().resolve("work").resolve(name).resolve("out");
    return Files.exists(out) ? Files.readString(out) : "";
  }

  /** Waits until a job's own file has this line. */
  void awaitLine(String name, String line) {
    await(line).atMost(STORED).until(() -> file(name).lines().anyMatch(line::equals));
  }

  /** Waits until a job has ended, as one that did not notice anything. */
  void awaitCompleted(String job) throws Exception {
    assertThat(cluster().awaitEnd(job))
        .as("job %s", job)
        .containsExactly(new SlurmCluster.End("COMPLETED", "0"));
  }

  List<String> rows(String sql, Object... parameters) throws Exception {
    return Rows.of(stage().postgres(), sql, parameters);
  }

  String log(String job, String stream) throws Exception {
    return rows("SELECT jobs.log_text(?, ARRAY[?])", job, stream).getFirst();
  }

  /** Until the only run of a job is there, has its end from Slurm, and all its output. */
  void awaitStored(String job) {
    awaitStored(Map.of(job, 1));
  }

  /**
   * Until so many runs of these jobs are there, have their end from Slurm, and all their output.
   */
  void awaitStored(Map<String, Integer> runs) {
    await("jobs settled")
        .atMost(STORED)
        .untilAsserted(() -> assertThat(settledRuns(runs.keySet())).isEqualTo(runs));
  }

  private Map<String, Integer> settledRuns(Collection<String> jobs) throws Exception {
    Map<String, Integer> runs = new TreeMap<>();
    for (String job :
        rows(
            """
            SELECT split_part(j.job, '_', 1) FROM jobs.job j
            WHERE split_part(j.job, '_', 1) = ANY (string_to_array(?, ',')) AND j.state <> 'running'
              AND NOT EXISTS (SELECT FROM jobs.stream s WHERE s.job_key = j.job_key AND NOT s.ended)
            """,
            String.join(",", jobs))) {
      runs.merge(job, 1, Integer::sum);
    }
    return runs;
  }

  /** Nothing is known of a job. */
  void assertUnknown(String job) throws Exception {
    assertThat(rows("SELECT job FROM jobs.job WHERE split_part(job, '_', 1) = ?", job)).isEmpty();
  }

  /** Runs a job that prints much and uses a step; its file must have all of it. */
  void assertRunsWithWholeFile(String name) throws Exception {
    String job = submit("alice", name, "seq 1 200000", "srun echo end");

    awaitCompleted(job);
    // Without its plugin srun prints two lines of errors of its own.
    try (Stream<String> lines = file(name).lines()) {
      assertThat(lines.filter(line -> line.matches("[0-9]+|end")).count())
          .as(name)
          .isEqualTo(200_001);
    }
  }
}
