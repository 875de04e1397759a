package org.joblog.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Phaser;
import org.joblog.ingest.store.OwnPostgres;
import org.joblog.ingest.store.Rows;
import org.joblog.ingest.store.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every line is there once and in order, records too, modes as sent, and nothing that was hidden,
 * whatever is killed meanwhile: the server, its database sessions, the database, connections in the
 * middle of a frame. A server process, a durable PostgreSQL, real shippers and senders of our own.
 *
 * <p>{@code -Djoblog.soak.minutes=N} goes on for N minutes, {@code -Djoblog.soak.seed=N} chooses
 * another course of events.
 */
class ExactlyOnceTest {

  private static final long SEED = Long.getLong("joblog.soak.seed", 20_261_122);
  private static final Duration SOAK =
      Duration.ofMinutes(Integer.getInteger("joblog.soak.minutes", 0));
  private static final int LINES_A_ROUND = 400;
  private static final int MOST_BYTES_OF_A_CONNECTION = 200_000;
  private static final long LONGEST_RECOVERY_MILLIS = 60_000;

  /** What can happen; in the short form each happens once, the first ones twice. */
  private enum Mischief {
    KILL_SERVER,
    TERMINATE_SESSIONS,
    CUT_CONNECTIONS,
    STOP_DATABASE,
    KILL_DATABASE
  }

  @TempDir private Path folder;
  private final Random random = new Random(SEED);
  private final Progress progress = new Progress();
  private final List<Sent> sent = new ArrayList<>();
  private final List<Shipped> shipped = new ArrayList<>();
  private OwnPostgres postgres;
  private ServerProcess server;
  private Cutter cutter;
  private Conservation conservation;

  /** A job of our own sender. */
  private record Sent(String job, JobSender sender, Story out, Story err) {}

  /** A job of the real shipper; both streams print the same. */
  private record Shipped(ShippedCommand command, List<String> streams, Story story) {}

  @BeforeEach
  void start() throws Exception {
    postgres = OwnPostgres.start(folder.resolve("postgres"));
    conservation = new Conservation(postgres.superuser());
    server =
        ServerProcess.start(
            new ServerProcess.Setup(
                folder,
                postgres.writer().jdbcUrl(),
                postgres.writer().password(),
                """
                lanes:
                  count: 2
                limits:
                  heartbeat: 2s
                """,
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")));
    cutter = new Cutter(server.port(), SEED, MOST_BYTES_OF_A_CONNECTION);
    for (int i = 0; i < 3; i++) {
      String job = "sent" + i;
      sent.add(
          new Sent(
              job,
              new JobSender(job, cutter.port(), SEED + i, progress),
              new Story(job + " out", SEED + i, true),
              new Story(job + " err", SEED + i + 100, false)));
    }
    shipped.add(
        new Shipped(
            ShippedCommand.onBoth(folder, "shipped0", cutter.port()),
            List.of("stdout", "stderr"),
            new Story("shipped0", SEED + 200, true)));
    shipped.add(
        new Shipped(
            ShippedCommand.combined(folder, "shipped1", cutter.port()),
            List.of("combined"),
            new Story("shipped1", SEED + 201, true)));
  }

  @AfterEach
  void stop() throws Exception {
    sent.forEach(job -> job.sender.close());
    shipped.forEach(job -> job.command.close());
    cutter.close();
    server.close();
    postgres.close();
  }

  @Test
  void everyLineIsThereOnceAndInOrderWhateverIsKilled() throws Exception {
    assertThat(ask("SHOW fsync")).containsExactly("on");
    long until = System.nanoTime() + SOAK.toNanos();
    do {
      for (Mischief mischief : course()) {
        round(mischief);
      }
    } while (System.nanoTime() < until);
    cutter.stopCutting();
    finish();
    assertEverythingIsThere();
  }

  /** In what order things happen. */
  private List<Mischief> course() {
    List<Mischief> course = new ArrayList<>(List.of(Mischief.values()));
    course.add(Mischief.KILL_SERVER);
    course.add(Mischief.KILL_SERVER);
    course.add(Mischief.TERMINATE_SESSIONS);
    java.util.Collections.shuffle(course, random);
    return course;
  }

  /** All jobs go on with their stories; in the middle of it something happens. */
  private void round(Mischief mischief) throws Exception {
    Phaser jobs = new Phaser(1);
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (Sent job : sent) {
      inBackground(jobs, failures, () -> tell(job));
    }
    for (Shipped job : shipped) {
      inBackground(jobs, failures, () -> tell(job));
    }
    progress.awaitMore(random.nextInt(100_000), 1_000);
    happen(mischief);
    assertThat(progress.awaitMore(1, LONGEST_RECOVERY_MILLIS)).as("after %s", mischief).isTrue();
    jobs.arriveAndAwaitAdvance();
    assertThat(failures).isEmpty();
    assertNothingHiddenIsStored();
  }

  private interface Part {
    void run() throws Exception;
  }

  private static void inBackground(Phaser jobs, List<Throwable> failures, Part part) {
    jobs.register();
    Thread.ofVirtual()
        .start(() -> {
          try {
            part.run();
          } catch (Exception e) {
            failures.add(e);
          } finally {
            jobs.arriveAndDeregister();
          }
        });
  }

  /** Lines, a hidden part, lines. Streams are not ordered: all wait where the mode changes. */
  private void tell(Sent job) throws InterruptedException {
    tellLines(job, LINES_A_ROUND / 2);
    switchTo(job, job.out.modes().size() % 4 == 0 ? "disabled" : "metadata");
    tellLines(job, LINES_A_ROUND / 4);
    switchTo(job, "enabled");
    tellLines(job, LINES_A_ROUND / 2);
  }

  private void tellLines(Sent job, int lines) {
    for (int i = 0; i < lines; i++) {
      job.sender.print(JobSender.STDOUT, next(job.out));
      job.sender.print(JobSender.STDERR, next(job.err));
    }
  }

  private static void switchTo(Sent job, String mode) throws InterruptedException {
    job.sender.awaitAcknowledged();
    synchronized (job.out) {
      job.sender.print(JobSender.STDOUT, job.out.command(mode));
    }
    job.err.follow(mode);
    job.sender.awaitAcknowledged();
  }

  private static String next(Story story) {
    synchronized (story) {
      return story.next();
    }
  }

  /** Where both outputs are one stream a command acts exactly where it stands. */
  private void tell(Shipped job) {
    for (int i = 0; i < LINES_A_ROUND; i++) {
      job.command.print(next(job.story));
    }
    if (job.streams.equals(List.of("combined"))) {
      job.command.print(job.story.command("disabled"));
      for (int i = 0; i < LINES_A_ROUND / 4; i++) {
        job.command.print(next(job.story));
      }
      job.command.print(job.story.command("enabled"));
    }
  }

  private void happen(Mischief mischief) throws Exception {
    switch (mischief) {
      case KILL_SERVER -> {
        server.kill();
        assertAcknowledgedIsStored();
        server.restart();
      }
      case TERMINATE_SESSIONS ->
          execute(
              """
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'joblog_writer'
              """);
      case CUT_CONNECTIONS -> cutter.cutAll();
      case STOP_DATABASE -> {
        postgres.stop();
        progress.awaitMore(Long.MAX_VALUE / 2, 300);
        postgres.restart();
      }
      case KILL_DATABASE -> {
        postgres.kill();
        postgres.restart();
      }
    }
  }

  /** The server is dead: nothing moves. */
  private void assertAcknowledgedIsStored() throws SQLException {
    for (Sent job : sent) {
      synchronized (job.out) {
        conservation.assertHolds(
            job.job, "stdout", job.out, job.sender.acknowledged(JobSender.STDOUT));
      }
      synchronized (job.err) {
        conservation.assertHolds(
            job.job, "stderr", job.err, job.sender.acknowledged(JobSender.STDERR));
      }
    }
  }

  private void finish() throws IOException, InterruptedException {
    for (Sent job : sent) {
      job.sender.finish();
    }
    for (Shipped job : shipped) {
      assertThat(job.command.finish(LONGEST_RECOVERY_MILLIS / 1000))
          .as(() -> job.command.job() + " has shipped everything:\n" + job.command.log())
          .isTrue();
    }
  }

  private void assertEverythingIsThere() throws SQLException {
    for (Sent job : sent) {
      assertThat(job.sender.violations()).isEmpty();
      assertThat(job.sender.connections()).isGreaterThan(1);
      conservation.assertWhole(job.job, "stdout", job.out);
      conservation.assertWhole(job.job, "stderr", job.err);
      conservation.assertRecords(job.job, job.out.records());
      conservation.assertModes(job.job, job.out.modes());
    }
    for (Shipped job : shipped) {
      // One that declined its command says why; nothing would be stored then, and nothing be lost.
      assertThat(ask("SELECT job FROM jobs.job WHERE job = '%s'".formatted(job.command.job())))
          .as(() -> job.command.job() + " is captured; its shipper said:\n" + job.command.log())
          .hasSize(1);
      for (String stream : job.streams) {
        conservation.assertWhole(job.command.job(), stream, job.story);
      }
      conservation.assertRecords(job.command.job(), job.story.records());
      conservation.assertModes(job.command.job(), job.story.modes());
    }
    assertThat(ask("SELECT kind, error FROM joblog.quarantine")).isEmpty();
    assertNothingHiddenIsStored();
  }

  private void assertNothingHiddenIsStored() throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.superuser())) {
      assertThat(new Dump(connection).placesOf(Story.HIDDEN)).isEmpty();
    }
  }

  private List<String> ask(String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.superuser())) {
      return Rows.of(connection, sql);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.superuser());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
