package org.joblog.workbench.slurm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.server.IngestServer;
import org.joblog.ingest.store.Rows;
import org.joblog.ingest.store.TestPostgres;
import org.joblog.workbench.relay.RelayBuild;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The same jobs with joblog and without, on a real Slurm with real users, the real plugin, relay,
 * server and PostgreSQL: the user's own files, states and exit codes are the same, and what is
 * stored is what was printed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlurmTest {

  private static final Path OPT_IN = Path.of("/home/alice/.logoptin");
  private static final Path BOBS = Path.of("/home/bob/.logoptin");
  private static final Duration STORED = Duration.ofSeconds(90);

  /** What became of a scenario: the names and contents of its files, and its ends. */
  private record Outcome(String job, Map<String, String> files, List<SlurmCluster.End> ends) {}

  private SlurmCluster cluster;
  private TestPostgres postgres;
  private IngestServer server;
  private NodeAgent agent;
  private String plugin;

  @BeforeAll
  void start() throws Exception {
    cluster = SlurmCluster.start();
    postgres = TestPostgres.create();
    Path folder = cluster.folder();
    Path squeue = folder.resolve("squeue.sh");
    Files.writeString(
        squeue, "#!/bin/sh\nSLURM_CONF=%s/slurm.conf exec squeue \"$@\"\n".formatted(folder));
    Files.setPosixFilePermissions(squeue, PosixFilePermissions.fromString("rwxr-xr-x"));
    server =
        IngestServer.start(
            ConfigFile.parse(
                """
                listen: {address: 127.0.0.1, port: 0}
                http: {port: 0}
                database: {url: '%s'}
                slurm: {cluster: %s, command: %s, interval: 1s, grace: 10s}
                """
                    .formatted(postgres.jdbcUrl(), SlurmCluster.NAME, squeue),
                folder,
                Map.of("JOBLOG_DATABASE_PASSWORD", postgres.writer().password())),
            "test");
    Path relay = folder.resolve("joblog-relay");
    Files.copy(RelayBuild.relay(), relay, StandardCopyOption.COPY_ATTRIBUTES);
    Path file = folder.resolve("spank_joblog.so");
    Files.copy(RelayBuild.plugin(), file);
    plugin =
        "optional %s cluster=%s relay=%s sock=%s state=%s disabled=%s\n"
            .formatted(
                file,
                SlurmCluster.NAME,
                relay,
                NodeAgent.socket(folder),
                folder.resolve("jobs"),
                folder.resolve("disabled"));
  }

  @AfterAll
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (cluster != null) {
      cluster.stop();
    }
  }

  @BeforeEach
  void open() throws Exception {
    agent = NodeAgent.start(cluster.folder(), server.address());
    optIn(OPT_IN, "alice", "");
    cluster.plugins(plugin);
  }

  @AfterEach
  void close() throws Exception {
    agent.stop();
    Files.deleteIfExists(cluster.folder().resolve("disabled"));
    Files.deleteIfExists(OPT_IN);
    Files.deleteIfExists(BOBS);
    assertThat(cluster.nodeStates()).noneMatch(state -> state.matches("(drain|down|fail).*"));
  }

  private void optIn(Path file, String user, String content) throws Exception {
    Files.writeString(file, content);
    cluster.own(file, user);
  }

  private String submit(String phase, String user, Scenario scenario) throws Exception {
    Path folder = cluster.folderOf(user, phase + "/" + scenario.name());
    if (scenario.name().equals("append")) {
      Files.writeString(folder.resolve("out"), "what was there\n");
      cluster.own(folder.resolve("out"), user);
    }
    return cluster.submit(user, folder, scenario.options(), scenario.script());
  }

  private Map<String, Outcome> runAll(String phase) throws Exception {
    Map<String, String> jobs = new TreeMap<>();
    for (Scenario scenario : Scenario.all()) {
      jobs.put(scenario.name(), submit(phase, "alice", scenario));
    }
    Map<String, Outcome> outcomes = new HashMap<>();
    for (Scenario scenario : Scenario.all()) {
      String job = jobs.get(scenario.name());
      List<SlurmCluster.End> ends = cluster.awaitEnd(job);
      Map<String, String> files = files(phase, scenario);
      outcomes.put(scenario.name(), new Outcome(job, files, ends));
    }
    return outcomes;
  }

  /** Slurm's own lines name the time at which it wrote them. */
  private Map<String, String> files(String phase, Scenario scenario) throws Exception {
    Map<String, String> files = new TreeMap<>();
    Path folder = cluster.folder().resolve("work").resolve(phase).resolve(scenario.name());
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

  private List<String> rows(String sql, Object... parameters) throws Exception {
    return Rows.of(postgres, sql, parameters);
  }

  private String log(String job, String stream) throws Exception {
    return rows("SELECT jobs.log_text(?, ARRAY[?])", job, stream).getFirst();
  }

  /** Until all runs of these jobs are there, have their end from Slurm, and all their output. */
  private void awaitStored(Map<String, Integer> runs) {
    await("jobs settled")
        .atMost(STORED)
        .untilAsserted(() -> assertThat(storedRuns(runs.keySet())).isEqualTo(runs));
  }

  /** How many settled runs there are of each job. */
  private Map<String, Integer> storedRuns(Collection<String> jobs) throws Exception {
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

  @Test
  void jobsAreTheSameWithJoblogAndWhatIsStoredIsWhatTheyPrinted() throws Exception {
    cluster.plugins("");
    Map<String, Outcome> without = runAll("without");
    cluster.plugins(plugin);
    Map<String, Outcome> with = runAll("with");

    SoftAssertions softly = new SoftAssertions();
    for (Scenario scenario : Scenario.all()) {
      Outcome is = with.get(scenario.name());
      Outcome was = without.get(scenario.name());
      softly.assertThat(is.files()).as("files of " + scenario.name()).isEqualTo(was.files());
      softly.assertThat(is.ends()).as("ends of " + scenario.name()).isEqualTo(was.ends());
    }
    softly.assertAll();
    Map<String, Integer> runs = new TreeMap<>();
    with.forEach((name, outcome) ->
        runs.put(outcome.job(), outcome.ends().size() + (name.equals("requeued") ? 1 : 0)));
    awaitStored(runs);
    for (Scenario scenario : Scenario.all()) {
      checkStored(scenario, with.get(scenario.name()));
    }
  }

  private void checkStored(Scenario scenario, Outcome outcome) throws Exception {
    String job = outcome.job();
    switch (scenario.name()) {
      case "burst" ->
          assertThat(rows("SELECT lines, bytes FROM jobs.job WHERE job = ?", job))
              .containsExactly("500000|" + outcome.files().get("out").length());
      case "array", "last-lines" -> {
        for (int task = 0; task < outcome.ends().size(); task++) {
          assertThat(log(job + "_" + task, "stdout"))
              .as(job + "_" + task)
              .isEqualTo(outcome.files().get("out-" + task));
        }
      }
      case "requeued" ->
          assertThat(
                  rows(
                      "SELECT restart, state, jobs.log_text('key:' || job_key) FROM jobs.job"
                          + " WHERE job = ? ORDER BY restart",
                      job))
              .containsExactly("0|requeued|run 0\n", "1|completed|run 1\n");
      case "nowhere" -> assertThat(log(job, "stdout")).isEqualTo("one\ntwo\n");
      case "append" -> assertThat(log(job, "stdout")).isEqualTo("one\ntwo\n");
      // What slurmstepd writes itself is in the file and in no stream.
      case "trapped" -> assertThat(log(job, "stdout")).isEqualTo("waiting\ncaught\n");
      case "cancelled" -> {
        assertThat(log(job, "stdout")).isEqualTo("waiting\n");
        assertThat(rows("SELECT state FROM jobs.job WHERE job = ?", job))
            .containsExactly("cancelled");
      }
      case "separate" -> {
        assertThat(log(job, "stdout")).isEqualTo(outcome.files().get("out"));
        assertThat(log(job, "stderr")).isEqualTo(outcome.files().get("err"));
      }
      case "no-output" -> assertThat(log(job, "stdout")).isEmpty();
      case "open-end" -> assertThat(log(job, "stdout")).isEqualTo("no line end\n");
      case "exit-3" -> {
        assertThat(log(job, "stdout")).isEqualTo("before\n");
        assertThat(
                rows(
                    "SELECT state, exit_code, partition, nodes, \"user\", name FROM jobs.job WHERE job = ?",
                    job))
            .containsExactly("failed|3|main|n1|alice|job.sh");
      }
      default -> {
        String stored = log(job, "stdout");
        assertThat(scenario.inOrder() ? stored : sorted(stored))
            .as("stored of " + scenario.name())
            .isEqualTo(outcome.files().get("out"));
      }
    }
  }

  @Test
  void ofAJobThatDidNotOptInNothingIsStored() throws Exception {
    Path folder = cluster.folderOf("bob", "declined");
    String job =
        cluster.submit(
            "bob", folder, List.of("-o", "out"), "#!/bin/bash\necho mine; srun echo too\n");

    assertThat(cluster.awaitEnd(job)).containsExactly(new SlurmCluster.End("COMPLETED", "0"));

    assertThat(folder.resolve("out")).hasContent("mine\ntoo\n");
    assertThat(rows("SELECT job FROM jobs.job WHERE job = ?", job)).isEmpty();
  }

  @Test
  void anOptInFileThatIsNoFileIsNoOptIn() throws Exception {
    List<String> jobs = new ArrayList<>();
    List<String[]> kinds =
        List.of(
            new String[] {"mkfifo", BOBS.toString()},
            new String[] {"mkdir", BOBS.toString()},
            new String[] {"ln", "-s", "/etc/shadow", BOBS.toString()},
            new String[] {"ln", "-s", "/dev/zero", BOBS.toString()});
    for (String[] kind : kinds) {
      cluster.run(List.of("rm", "-rf", BOBS.toString()));
      cluster.as("bob", Path.of("/home/bob"), kind);
      Path folder = cluster.folderOf("bob", "hostile-" + jobs.size());
      String job = cluster.submit("bob", folder, List.of("-o", "out"), "#!/bin/bash\necho mine\n");
      assertThat(cluster.awaitEnd(job)).containsExactly(new SlurmCluster.End("COMPLETED", "0"));
      assertThat(folder.resolve("out")).hasContent("mine\n");
      jobs.add(job);
    }
    cluster.run(List.of("rm", "-rf", BOBS.toString()));
    for (String job : jobs) {
      assertThat(rows("SELECT job FROM jobs.job WHERE job = ?", job)).isEmpty();
    }
  }

  @Test
  void modesAreObeyed() throws Exception {
    optIn(BOBS, "bob", "mode: disabled\n");
    Path folder = cluster.folderOf("bob", "modes");
    String job =
        cluster.submit(
            "bob",
            folder,
            List.of("-o", "out"),
            """
            #!/bin/bash
            echo secret one
            echo '/LOGCOMMAND {"mode":"enabled"}'
            echo open
            echo '/LOGCOMMAND {"mode":"metadata"}'
            echo secret two
            echo '{"loss": 1.5}'
            """);
    cluster.awaitEnd(job);
    awaitStored(Map.of(job, 1));

    assertThat(log(job, "stdout")).contains("open\n").doesNotContain("secret");
    assertThat(rows("SELECT key, value FROM jobs.metadata_latest(?)", job))
        .containsExactly("loss|1.5");
    assertThat(Files.readString(folder.resolve("out"), UTF_8)).contains("secret one", "secret two");
  }

  @Test
  void theDecisionHoldsWhileTheFileComesAndGoes() throws Exception {
    Path folder = cluster.folderOf("alice", "removed");
    String job =
        cluster.submit(
            "alice",
            folder,
            List.of("-o", "out"),
            "#!/bin/bash\nrm ~/.logoptin\necho one\nsrun echo two\n");
    cluster.awaitEnd(job);
    Path bobs = cluster.folderOf("bob", "added");
    String added =
        cluster.submit(
            "bob",
            bobs,
            List.of("-o", "out"),
            "#!/bin/bash\ntouch ~/.logoptin\necho one\nsrun echo two\n");
    cluster.awaitEnd(added);
    awaitStored(Map.of(job, 1));

    assertThat(log(job, "stdout")).isEqualTo("one\ntwo\n");
    assertThat(rows("SELECT job FROM jobs.job WHERE job = ?", added)).isEmpty();
    assertThat(bobs.resolve("out")).hasContent("one\ntwo\n");
  }

  @Test
  void stepsWithoutABatchScriptAreStoredByTask() throws Exception {
    Path folder = cluster.folderOf("alice", "steps");
    String printed =
        cluster.as(
            "alice",
            folder,
            "srun",
            "-J",
            "by-hand",
            "-n2",
            "bash",
            "-c",
            "echo rank $SLURM_PROCID; echo job $SLURM_JOB_ID >&2");
    String job =
        printed.lines().filter(l -> l.startsWith("job ")).findFirst().orElseThrow().substring(4);
    awaitStored(Map.of(job, 1));

    assertThat(
            rows(
                "SELECT DISTINCT s.task, l.text FROM jobs.stream s,"
                    + " jobs.stream_lines(?, s.stream_key) l WHERE s.job_key = jobs.job_key(?)"
                    + " AND s.stream = 'stdout' ORDER BY s.task",
                job,
                job))
        .containsExactly("0|rank 0", "1|rank 1");
  }

  private void completesWithWholeFile(String name) throws Exception {
    Path folder = cluster.folderOf("alice", name);
    String job =
        cluster.submit(
            "alice", folder, List.of("-o", "out"), "#!/bin/bash\nseq 1 200000\nsrun echo end\n");

    assertThat(cluster.awaitEnd(job))
        .as(name)
        .containsExactly(new SlurmCluster.End("COMPLETED", "0"));
    // Without its plugin srun prints two lines of errors of its own.
    try (Stream<String> lines = Files.lines(folder.resolve("out"))) {
      assertThat(lines.filter(line -> line.matches("[0-9]+|end")).count())
          .as(name)
          .isEqualTo(200_001);
    }
  }

  @Test
  void withoutAnAgentJobsAndTheirFilesAreWhole() throws Exception {
    agent.stop();

    completesWithWholeFile("no-agent");
  }

  @Test
  void anAgentThatStandsStillCostsNoByteOfTheUsersFile() throws Exception {
    agent.signal("STOP");
    try {
      completesWithWholeFile("agent-stopped");
    } finally {
      agent.signal("CONT");
    }
  }

  @Test
  void anAgentThatIsKilledAndStartedAgainMissesNothing() throws Exception {
    Path folder = cluster.folderOf("alice", "agent-killed");
    String script = "#!/bin/bash\nfor i in {1..80}; do echo line $i; sleep 0.1; done\n";
    String job = cluster.submit("alice", folder, List.of("-o", "out"), script);
    for (int kills = 1; kills <= 3; kills++) {
      String line = "line " + kills * 10 + "\n";
      await().atMost(STORED).until(() -> wholeFile(folder).contains(line));
      agent.replace();
    }

    assertThat(cluster.awaitEnd(job)).containsExactly(new SlurmCluster.End("COMPLETED", "0"));
    String file = wholeFile(folder);
    assertThat(file).hasLineCount(80).endsWith("line 80\n");
    awaitStored(Map.of(job, 1));
    assertThat(log(job, "stdout")).isEqualTo(file);
  }

  private static String wholeFile(Path folder) throws Exception {
    Path out = folder.resolve("out");
    return Files.exists(out) ? Files.readString(out) : "";
  }

  @Test
  void aDisabledNodeCapturesNothing() throws Exception {
    Files.createFile(cluster.folder().resolve("disabled"));

    completesWithWholeFile("disabled");
  }

  @Test
  void aMissingOrWrongPluginHurtsNoJob() throws Exception {
    cluster.plugins("optional /nowhere/spank_joblog.so\n");
    completesWithWholeFile("missing");

    Path wrong = cluster.folder().resolve("wrong.so");
    Files.writeString(wrong, "no library");
    cluster.plugins("optional " + wrong + "\n");
    completesWithWholeFile("wrong");

    cluster.plugins(plugin.replace("relay=", "relay=/nowhere"));
    completesWithWholeFile("no-relay");

    cluster.plugins(plugin.strip() + " nonsense=1\n");
    completesWithWholeFile("misconfigured");
  }
}
