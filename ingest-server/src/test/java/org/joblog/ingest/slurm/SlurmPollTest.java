package org.joblog.ingest.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.JobEnd;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenRuns;
import org.joblog.ingest.store.PostgresStore;
import org.joblog.ingest.store.Rows;
import org.joblog.ingest.store.StoreUnavailable;
import org.joblog.ingest.store.TestPostgres;
import org.joblog.schema.options.JobOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real PostgreSQL, with a squeue that says what it is told. */
class SlurmPollTest {

  /** 2026-11-22T12:00:00Z, in seconds. */
  private static final long NOON = 1_795_348_800L;

  private static final String END =
      "SELECT state, slurm_state, exit_code, signal, ended_at FROM jobs.job";

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  @TempDir private Path folder;
  private Path squeue;
  private Path answer;

  @BeforeEach
  void writeSqueue() throws IOException {
    answer = folder.resolve("answer");
    // The separator is what stands behind "JobID:" in the last argument; records have | instead.
    squeue =
        program(
            """
            #!/bin/sh
            for last; do :; done
            separator=${last#JobID:}
            separator=${separator%%%%,*}
            [ "$SLURM_TIME_FORMAT" = %%s ] || exit 2
            sed "s/|/$separator/g" '%s'
            """
                .formatted(answer));
  }

  private Path program(String script) throws IOException {
    Path file = Files.createTempFile(folder, "squeue", "");
    Files.writeString(file, script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private void poll(Duration grace) throws Exception {
    poll(squeue, grace);
  }

  private void poll(Path program, Duration grace) throws Exception {
    SlurmLimits limits = new SlurmLimits(Duration.ofMillis(300), 100_000, 10_000);
    new SlurmPoll(
            store, new SlurmSettings("fir", program.toString(), Duration.ofDays(1), grace, limits))
        .ask();
  }

  private void slurmSays(String... records) throws IOException {
    Files.writeString(answer, String.join("|\n", records) + (records.length == 0 ? "" : "|\n"));
  }

  private static String job(String id, int restart, String state, int status, String end) {
    return String.join(
        "|",
        id,
        id,
        "N/A",
        "N/A",
        "N/A",
        String.valueOf(restart),
        state,
        String.valueOf(status),
        "1001",
        "gpu",
        "n[1-2]",
        String.valueOf(NOON - 60),
        String.valueOf(NOON),
        end,
        "the name");
  }

  private long greet(String job, int restart) throws StoreUnavailable {
    return store
        .openJob(
            new JobFacts(
                "fir", job, restart, "ada", 1001, "sent", NOON * 1_000_000, JobOptions.DEFAULT))
        .jobKey();
  }

  private void senderSaysEnded(long jobKey, int exitCode) throws StoreUnavailable {
    JobEnd end = new JobEnd((NOON + 5) * 1_000_000, exitCode, 0);
    store.commit(
        new Batch(
            List.of(
                new JobBatch(jobKey, null, end, List.of(), List.of(), KeyNews.NONE, List.of()))));
  }

  private List<String> rows(String sql) throws SQLException {
    return Rows.of(postgres, sql);
  }

  @Test
  void aRunningJobGetsItsNamePartitionAndNodes() throws Exception {
    greet("7", 0);
    slurmSays(job("7", 0, "RUNNING", 0, "NONE"), job("8", 0, "RUNNING", 0, "NONE"));

    poll(Duration.ZERO);

    assertThat(rows("SELECT state, slurm_state, name, partition, nodes, ended_at FROM jobs.job"))
        .containsExactly("running|RUNNING|the name|gpu|n[1-2]|null");
    assertThat(rows("SELECT count(*) FROM joblog.job_facts")).containsExactly("1");
  }

  @Test
  void slurmsLastWordGoesBeforeWhatTheSenderSaid() throws Exception {
    long key = greet("7", 0);
    senderSaysEnded(key, 0);
    slurmSays(job("7", 0, "TIMEOUT", 15, String.valueOf(NOON + 9)));

    poll(Duration.ZERO);
    senderSaysEnded(key, 3);

    assertThat(rows(END)).containsExactly("timeout|TIMEOUT|-1|15|2026-11-22 12:00:09+00");
    assertThat(store.openRuns("fir").runs()).isEmpty();
  }

  @Test
  void everyWayToEndHasItsWord() throws Exception {
    List<String> ends =
        List.of(
            "COMPLETED",
            "FAILED",
            "CANCELLED",
            "PREEMPTED",
            "DEADLINE",
            "NODE_FAIL",
            "OUT_OF_MEMORY");
    for (int i = 0; i < ends.size(); i++) {
      greet(String.valueOf(i + 1), 0);
    }
    slurmSays(
        ends.stream()
            .map(end -> job(String.valueOf(ends.indexOf(end) + 1), 0, end, 0, "" + (NOON + 1)))
            .toArray(String[]::new));

    poll(Duration.ZERO);

    assertThat(rows("SELECT state FROM jobs.job ORDER BY job_key"))
        .containsExactly(
            "completed", "failed", "cancelled", "cancelled", "timeout", "failed", "failed");
    assertThat(rows("SELECT count(*) FROM jobs.job_list()")).containsExactly("7");
  }

  @Test
  void aJobThatGoesOnAfterItsSenderEndedStillRuns() throws Exception {
    senderSaysEnded(greet("7", 0), 0);
    assertThat(rows("SELECT state FROM jobs.job")).containsExactly("completed");
    slurmSays(job("7", 0, "RUNNING", 0, "NONE"));

    poll(Duration.ZERO);

    assertThat(rows(END)).containsExactly("running|RUNNING|null|null|null");
  }

  @Test
  void aSendersEndIsShownUntilSlurmIsAskedAgain() throws Exception {
    long key = greet("7", 0);
    slurmSays(job("7", 0, "RUNNING", 0, "NONE"));
    poll(Duration.ZERO);
    senderSaysEnded(key, 3);

    assertThat(rows("SELECT state, exit_code FROM jobs.job")).containsExactly("failed|3");

    slurmSays(job("7", 0, "COMPLETING", 768, String.valueOf(NOON + 9)));
    poll(Duration.ZERO);

    assertThat(rows("SELECT state, exit_code FROM jobs.job")).containsExactly("failed|3");
  }

  @Test
  void aJobThatSlurmForgotEndsUnknownAfterTheGrace() throws Exception {
    greet("7", 0);
    slurmSays(job("7", 0, "RUNNING", 0, "NONE"));
    poll(Duration.ofHours(1));
    slurmSays();

    poll(Duration.ofHours(1));
    assertThat(rows("SELECT state, slurm_state FROM jobs.job")).containsExactly("running|RUNNING");

    poll(Duration.ZERO);
    assertThat(rows("SELECT state, exit_code, ended_at IS NULL FROM jobs.job"))
        .containsExactly("unknown|null|f");
    assertThat(store.openRuns("fir").runs()).isEmpty();
  }

  @Test
  void aJobThatSlurmForgotKeepsTheEndThatItsSenderTold() throws Exception {
    senderSaysEnded(greet("7", 0), 3);
    slurmSays();

    poll(Duration.ZERO);

    assertThat(rows("SELECT state, exit_code FROM jobs.job")).containsExactly("failed|3");
    assertThat(store.openRuns("fir").runs()).isEmpty();
  }

  @Test
  void runsOfARequeuedJobAreToldApart() throws Exception {
    greet("7", 0);
    greet("7", 1);
    slurmSays(job("7", 1, "COMPLETED", 0, String.valueOf(NOON + 9)));

    poll(Duration.ZERO);

    assertThat(rows("SELECT restart, state FROM jobs.job ORDER BY restart"))
        .containsExactly("0|requeued", "1|completed");
  }

  @Test
  void anotherJobWithTheSameIdIsNotTakenForIt() throws Exception {
    greet("7", 0);
    slurmSays(job("7", 0, "COMPLETED", 0, "" + (NOON + 9)).replace("|1001|", "|1002|"));
    poll(Duration.ofHours(1));
    assertThat(rows("SELECT state FROM jobs.job")).containsExactly("running");

    slurmSays(
        job("7", 0, "COMPLETED", 0, "" + (NOON + 9))
            .replace("|" + (NOON - 60), "|" + (NOON + 7200)));
    poll(Duration.ofHours(1));
    assertThat(rows("SELECT state FROM jobs.job")).containsExactly("running");
  }

  @Test
  void aSlurmThatDoesNotAnswerChangesNothing() throws Exception {
    greet("7", 0);
    Path away = program("#!/bin/sh\necho 'Unable to contact slurm controller' >&2\nexit 1\n");
    Path cut = program("#!/bin/sh\nprintf 7\n");
    Path flood = program("#!/bin/sh\nexec yes\n");
    Path hanging = program("#!/bin/sh\nsleep 1000\n");

    assertThatThrownBy(() -> poll(away, Duration.ZERO))
        .isInstanceOf(IOException.class)
        .hasMessage("squeue: exit status 1: Unable to contact slurm controller");
    for (Path broken : List.of(cut, flood, hanging, folder.resolve("missing"))) {
      assertThatThrownBy(() -> poll(broken, Duration.ZERO)).isInstanceOf(IOException.class);
    }

    assertThat(rows("SELECT state FROM jobs.job")).containsExactly("running");
    assertThat(rows("SELECT count(*) FROM joblog.job_facts")).containsExactly("0");
  }

  @Test
  void withoutOpenJobsSlurmIsNotAsked() throws Exception {
    poll(folder.resolve("missing"), Duration.ZERO);
  }

  @Test
  void anOlderAnswerOfAnotherServerWritesNothing() throws Exception {
    greet("7", 0);
    OpenRuns older = store.openRuns("fir");
    slurmSays(job("7", 0, "RUNNING", 0, "NONE"));
    poll(Duration.ZERO);

    store.writeFacts(
        older.atMicros() - 1, List.of(), List.of(older.runs().getFirst().jobKey()), Duration.ZERO);

    assertThat(rows("SELECT state, slurm_state FROM jobs.job")).containsExactly("running|RUNNING");
  }

  @Test
  void aJobThatGreetsAgainIsAskedForAgain() throws Exception {
    greet("7", 0);
    slurmSays();
    poll(Duration.ZERO);
    greet("7", 0);
    slurmSays(job("7", 0, "RUNNING", 0, "NONE"));

    poll(Duration.ZERO);

    assertThat(rows("SELECT state, slurm_state FROM jobs.job")).containsExactly("running|RUNNING");
  }
}
