package org.joblog.workbench;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.joblog.ingest.store.OwnPostgres;
import org.joblog.ingest.store.Rows;
import org.joblog.ingest.store.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backpressure from the database to the sender's socket: a server whose memory would not hold what
 * is sent, and a job that prints more than it may.
 */
class BackpressureTest {

  private static final int MEMORY = 4 << 20;

  /** What one connection may hold beyond the bound: a frame, and what was read with it. */
  private static final int SLACK_OF_A_CONNECTION = 2 << 20;

  private static final String LINE = "x".repeat(99) + "\n";
  private static final int JOBS = 3;
  private static final int LINES = 120_000;

  @TempDir private Path folder;
  private final Progress progress = new Progress();
  private final List<JobSender> senders = new ArrayList<>();
  private OwnPostgres postgres;
  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    postgres = OwnPostgres.start(folder.resolve("postgres"));
    server =
        ServerProcess.start(
            new ServerProcess.Setup(
                folder,
                postgres.writer().jdbcUrl(),
                postgres.writer().password(),
                """
                limits:
                  memory: 4MiB
                  memory_per_job: 2MiB
                  memory_per_connection: 2MiB
                throughput:
                  bytes_per_second: 1MiB
                  bytes_burst: 16MiB
                """,
                List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")));
  }

  @AfterEach
  void stop() throws IOException {
    senders.forEach(JobSender::close);
    server.close();
    postgres.close();
  }

  private JobSender sender(String job) {
    JobSender sender = new JobSender(job, server.port(), job.hashCode(), progress);
    senders.add(sender);
    return sender;
  }

  /** Numbered, so that nothing is folded. */
  private static void print(JobSender sender, int lines) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, lines).forEach(i -> text.append(i).append(' ').append(LINE));
    sender.print(JobSender.STDOUT, text.toString());
  }

  @Test
  void memoryStaysFlatWhileTheDatabaseIsAwayAndEverythingArrivesWhenItIsBack() throws Exception {
    for (int job = 0; job < JOBS; job++) {
      JobSender sender = sender("flood" + job);
      sender.print(JobSender.STDOUT, "begin\n");
      sender.awaitAcknowledged();
    }
    postgres.stop();
    senders.forEach(sender -> print(sender, LINES));
    // The bound is reached, and the senders have far more: what comes now must wait outside.
    await().atMost(60, SECONDS).until(() -> server.metric("joblog_queue_bytes") >= MEMORY * 0.7);
    await()
        .during(3, SECONDS)
        .atMost(30, SECONDS)
        .untilAsserted(() -> {
          assertThat(server.metric("joblog_queue_bytes"))
              .isLessThan(MEMORY + JOBS * SLACK_OF_A_CONNECTION);
          assertThat(server.metric("joblog_direct_memory_pinned_bytes"))
              .isLessThan(JOBS * SLACK_OF_A_CONNECTION);
        });
    postgres.restart();
    for (JobSender sender : senders) {
      sender.finish();
      assertThat(sender.violations()).isEmpty();
    }
    for (int job = 0; job < JOBS; job++) {
      assertThat(linesOf("flood" + job)).isEqualTo(LINES + 1);
    }
    assertThat(server.metric("joblog_queue_bytes")).isZero();
    assertThat(server.metric("joblog_direct_memory_pinned_bytes")).isLessThan(MEMORY);
  }

  @Test
  void aJobThatPrintsTooMuchIsSlowedDownDropsNothingAndSaysSo() throws Exception {
    JobSender flood = sender("flood");
    // More than the burst: the rest takes seconds at the limit.
    int lines = 20 * (1 << 20) / LINE.length();
    print(flood, lines);
    await().atMost(60, SECONDS).until(() -> eventsOf("flood").contains("slowed"));
    long before = flood.acknowledged(JobSender.STDOUT);
    JobSender other = sender("other");
    print(other, 40_000);
    other.awaitAcknowledged();
    long meanwhile = flood.acknowledged(JobSender.STDOUT) - before;
    assertThat(other.acknowledged(JobSender.STDOUT)).isGreaterThan(meanwhile);
    flood.finish();
    other.finish();
    assertThat(linesOf("flood")).isEqualTo(lines);
    assertThat(eventsOf("other")).doesNotContain("slowed");
    assertThat(flood.violations()).isEmpty();
    await().atMost(60, SECONDS).until(() -> eventsOf("flood").contains("unslowed"));
  }

  /**
   * The whole chain backwards: database → server → TCP → shipper → pipe → the program's own write.
   * The limit is in bytes a second, so what the program has written by the time it is slowed says
   * that its writes wait, without measuring time.
   */
  @Test
  void theLimitReachesTheProgramsOwnWriteThroughTheRealShipper() throws Exception {
    int lines = 60 * (1 << 20) / LINE.length();
    String script = "yes " + LINE.strip() + " | head -n " + lines + " | cat -n";
    try (ShippedCommand command = ShippedCommand.script(folder, "wrapped", server.port(), script)) {
      await().atMost(60, SECONDS).until(() -> eventsOf("wrapped").contains("slowed"));
      long written = command.outBytes();
      assertThat(written)
          .as("bytes that the program could write: the burst and what the windows hold, not all")
          .isLessThan((16 + 32) << 20);
      assertThat(command.isRunning()).isTrue();
      assertThat(command.log()).doesNotContain("bytes are missing");
    }
  }

  private int linesOf(String job) throws SQLException {
    return Integer.parseInt(
        ask(
                """
                SELECT s.lines FROM jobs.stream s
                WHERE s.job_key = jobs.job_key(?) AND s.stream = 'stdout'
                """,
                job)
            .getFirst());
  }

  private List<String> eventsOf(String job) throws SQLException {
    return ask("SELECT kind FROM jobs.events(?)", job);
  }

  private List<String> ask(String sql, String job) throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.superuser())) {
      return Rows.of(connection, sql, job);
    }
  }
}
