package org.joblog.workbench.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The same jobs with joblog and without, on a real Slurm with real users, the real plugin, relay,
 * server and PostgreSQL: the user's own files, states, exit codes and durations are the same, and
 * what is stored is what was printed.
 */
class SlurmScenariosTest {

  /** A step that waits for Slurm's own time-outs would take 30 s longer, and more. */
  private static final Duration NOISE = Duration.ofSeconds(20);

  /** What joblog may cost the usual job; Slurm's clock shows whole seconds. */
  private static final Duration COST = Duration.ofSeconds(1);

  /** What became of a scenario: the names and contents of its files, and its ends. */
  private record Outcome(
      String job,
      Map<String, String> files,
      List<SlurmCluster.End> ends,
      List<Duration> durations) {}

  @RegisterExtension private final SlurmRig rig = new SlurmRig();

  private Map<String, String> submitAll(String phase) throws Exception {
    Map<String, String> jobs = new TreeMap<>();
    for (Scenario scenario : Scenario.all()) {
      jobs.put(scenario.name(), submit(phase, scenario));
    }
    // Jobs load what plugstack.conf says when they start a step: all that start several must be
    // over.
    for (Scenario scenario : Scenario.all()) {
      if (!scenario.isLong()) {
        rig.cluster().awaitEnd(jobs.get(scenario.name()));
      }
    }
    return jobs;
  }

  private String submit(String phase, Scenario scenario) throws Exception {
    Path folder = rig.cluster().folderOf("alice", phase + "/" + scenario.name());
    if (scenario.name().equals("append")) {
      Files.writeString(folder.resolve("out"), "what was there\n");
      rig.cluster().own(folder.resolve("out"), "alice");
    }
    return rig.cluster().submit("alice", folder, scenario.options(), scenario.script());
  }

  private Map<String, Outcome> outcomes(String phase, Map<String, String> jobs) throws Exception {
    Map<String, Outcome> outcomes = new HashMap<>();
    for (Scenario scenario : Scenario.all()) {
      String job = jobs.get(scenario.name());
      List<SlurmCluster.End> ends = rig.cluster().awaitEnd(job);
      outcomes.put(
          scenario.name(),
          new Outcome(job, files(phase, scenario), ends, rig.cluster().durations(job)));
    }
    return outcomes;
  }

  /** Slurm's own lines name the time at which it wrote them. */
  private Map<String, String> files(String phase, Scenario scenario) throws Exception {
    Map<String, String> files = new TreeMap<>();
    Path folder = rig.cluster().folder().resolve("work").resolve(phase).resolve(scenario.name());
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(f -> !f.endsWith("job.sh")).toList()) {
        String text =
            Files.readString(file).replaceAll("(JOB) \\d+ (ON n\\d CANCELLED AT) \\S+", "$1 $2");
        files.put(file.getFileName().toString(), scenario.inOrder() ? text : sorted(text));
      }
    }
    return files;
  }

  private static String sorted(String text) {
    return String.join("\n", Arrays.stream(text.split("\n", -1)).sorted().toList());
  }

  @Test
  void jobsAreTheSameWithJoblogAndWhatIsStoredIsWhatTheyPrinted() throws Exception {
    rig.cluster().plugins("");
    Map<String, String> jobsWithout = submitAll("without");
    rig.cluster().plugins(rig.plugin());
    Map<String, String> jobsWith = submitAll("with");
    Map<String, Outcome> without = outcomes("without", jobsWithout);
    Map<String, Outcome> with = outcomes("with", jobsWith);

    SoftAssertions softly = new SoftAssertions();
    for (Scenario scenario : Scenario.all()) {
      Outcome is = with.get(scenario.name());
      Outcome was = without.get(scenario.name());
      softly.assertThat(is.files()).as("files of " + scenario.name()).isEqualTo(was.files());
      softly.assertThat(is.ends()).as("ends of " + scenario.name()).isEqualTo(was.ends());
    }
    softly.assertAll();
    assertDurationsAreTheSame(without, with);
    Map<String, Integer> runs = new TreeMap<>();
    with.forEach((name, outcome) ->
        runs.put(outcome.job(), outcome.ends().size() + (name.equals("requeued") ? 1 : 0)));
    rig.awaitStored(runs);
    for (Scenario scenario : Scenario.all()) {
      checkStored(scenario, with.get(scenario.name()));
    }
  }

  private static void assertDurationsAreTheSame(
      Map<String, Outcome> without, Map<String, Outcome> with) {
    List<Duration> longer = new ArrayList<>();
    for (Scenario scenario : Scenario.all()) {
      List<Duration> was = without.get(scenario.name()).durations();
      List<Duration> is = with.get(scenario.name()).durations();
      for (int task = 0; task < was.size(); task++) {
        Duration difference = is.get(task).minus(was.get(task));
        if (!scenario.isLong()) {
          assertThat(difference).as("%s, longer by", scenario.name()).isLessThan(NOISE);
          longer.add(difference);
        }
      }
    }
    assertThat(longer.stream().sorted().toList().get(longer.size() / 2))
        .as("longer by, median of %s", longer)
        .isLessThanOrEqualTo(COST);
  }

  private void checkStored(Scenario scenario, Outcome outcome) throws Exception {
    String job = outcome.job();
    switch (scenario.name()) {
      case "burst" ->
          assertThat(rig.rows("SELECT lines, bytes FROM jobs.job WHERE job = ?", job))
              .containsExactly("500000|" + outcome.files().get("out").length());
      case "array", "last-lines" -> assertStoredByTask(outcome, "stdout", "out-");
      case "separate-array" -> {
        assertStoredByTask(outcome, "stdout", "out-");
        assertStoredByTask(outcome, "stderr", "err-");
      }
      case "requeued" -> assertStoredByRun(job);
      case "nowhere", "append" -> assertThat(rig.log(job, "stdout")).isEqualTo("one\ntwo\n");
      // What slurmstepd writes itself is in the file and in no stream.
      case "trapped" -> assertThat(rig.log(job, "stdout")).isEqualTo("waiting\ncaught\n");
      case "cancelled" -> assertEndedBySlurm(job, "cancelled", "waiting\n");
      case "time-limit" -> assertEndedBySlurm(job, "timeout", "working\n");
      case "separate" -> {
        assertThat(rig.log(job, "stdout")).isEqualTo(outcome.files().get("out"));
        assertThat(rig.log(job, "stderr")).isEqualTo(outcome.files().get("err"));
      }
      case "no-output" -> assertThat(rig.log(job, "stdout")).isEmpty();
      case "open-end" -> assertThat(rig.log(job, "stdout")).isEqualTo("no line end\n");
      case "exit-3" -> {
        assertThat(rig.log(job, "stdout")).isEqualTo("before\n");
        assertThat(
                rig.rows(
                    "SELECT state, exit_code, partition, nodes, \"user\", name FROM jobs.job WHERE job = ?",
                    job))
            .containsExactly("failed|3|main|n1|alice|job.sh");
      }
      default -> {
        String stored = rig.log(job, "stdout");
        assertThat(scenario.inOrder() ? stored : sorted(stored))
            .as("stored of " + scenario.name())
            .isEqualTo(outcome.files().get("out"));
      }
    }
  }

  private void assertStoredByTask(Outcome outcome, String stream, String file) throws Exception {
    for (int task = 0; task < outcome.ends().size(); task++) {
      String job = outcome.job() + "_" + task;
      assertThat(rig.log(job, stream)).as(job).isEqualTo(outcome.files().get(file + task));
    }
  }

  private void assertStoredByRun(String job) throws Exception {
    assertThat(
            rig.rows(
                "SELECT restart, state, jobs.log_text('key:' || job_key) FROM jobs.job"
                    + " WHERE job = ? ORDER BY restart",
                job))
        .containsExactly("0|requeued|run 0\n", "1|completed|run 1\n");
  }

  private void assertEndedBySlurm(String job, String state, String printed) throws Exception {
    assertThat(rig.log(job, "stdout")).isEqualTo(printed);
    assertThat(rig.rows("SELECT state FROM jobs.job WHERE job = ?", job)).containsExactly(state);
  }
}
