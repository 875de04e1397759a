package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.joblog.ingest.store.Samples.batch;
import static org.joblog.ingest.store.Samples.chunk;
import static org.joblog.ingest.store.Samples.chunks;
import static org.joblog.ingest.store.Samples.event;
import static org.joblog.ingest.store.Samples.stdout;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.batch.Batch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever breaks whenever: a batch that is committed until it works is there once. */
class UncertainCommitTest {

  private static final StoreLimits IMPATIENT =
      new StoreLimits(
          2,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(75),
          UpkeepLimits.DEFAULT);

  @AutoClose private final TestPostgres postgres = TestPostgres.create();
  @AutoClose private final CuttingProxy proxy;
  @AutoClose private final PostgresStore store;

  UncertainCommitTest() throws IOException {
    String url = postgres.jdbcUrl();
    proxy = new CuttingProxy(url.substring(url.indexOf("//") + 2, url.lastIndexOf('/')));
    StoreSettings direct = postgres.writer();
    String viaProxy =
        "jdbc:postgresql://localhost:" + proxy.port() + url.substring(url.lastIndexOf('/'));
    store =
        PostgresStore.open(
            new StoreSettings(viaProxy, direct.user(), direct.password()), InstantSource.system());
  }

  private static Batch numbered(OpenedJob job, OpenedStream stream, int i) {
    return batch(
        job.jobKey(),
        List.of(event(stream.streamKey(), i, "event " + i)),
        chunks(stream, i + 1, chunk(i, "line " + i)));
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNotWrittenAgain() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    for (int i = 0; i < 5; i++) {
      Batch batch = numbered(job, stream, i);
      proxy.swallowNextCommitAnswer();
      assertThatThrownBy(() -> store.commit(batch)).isInstanceOf(StoreUnavailable.class);
      // It is there already, though nobody said so.
      assertThat(lines()).hasSize(i + 1);

      assertThat(store.commit(batch)).isEqualTo(CommitOutcome.ALL_WRITTEN);
      assertThat(lines()).hasSize(i + 1);
    }
    assertThat(events()).containsExactly("event 0", "event 1", "event 2", "event 3", "event 4");
  }

  @Test
  void aLostAnswerAndANewOwnerInBetweenAreReportedAsSuperseded() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    Batch batch = numbered(job, stream, 0);
    proxy.swallowNextCommitAnswer();
    assertThatThrownBy(() -> store.commit(batch)).isInstanceOf(StoreUnavailable.class);
    assertThat(store.openStream(job.jobKey(), stdout(0)).offset()).isEqualTo(1);

    assertThat(store.commit(batch).superseded()).containsExactly(stream.streamKey());
    assertThat(lines()).containsExactly("line 0");
  }

  @Test
  void aLostCommitThatIsStillAtWorkAndItsRepetitionWriteOnce() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    store.commit(numbered(job, stream, 0));
    Batch batch = numbered(job, stream, 1);
    try (ExecutorService background = Executors.newFixedThreadPool(2);
        Connection other = postgres.connect()) {
      other.setAutoCommit(false);
      Rows.of(other, "SELECT 1 FROM joblog.commit_token FOR UPDATE");
      Future<Boolean> lost = background.submit(() -> tryCommit(store, batch));
      awaitWaiting(1);
      proxy.cut();
      assertThat(lost.get()).isFalse();
      Future<Boolean> repeated = background.submit(() -> tryCommit(store, batch));
      awaitWaiting(2);
      other.rollback();

      assertThat(repeated.get()).isTrue();
    }
    assertThat(lines()).containsExactly("line 0", "line 1");
    assertThat(events()).containsExactly("event 0", "event 1");
  }

  /** Waits until so many sessions wait for a lock of another. */
  private void awaitWaiting(int sessions) {
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() ->
            Rows.of(
                    postgres,
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                .equals(List.of(Integer.toString(sessions))));
  }

  @Test
  void aConnectionCutAtAnyByteLosesAndDoublesNothing() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    int i = 0;
    // Each pass cuts somewhat later, from before the first statement to after the last.
    for (int cut = 1; cut < 12_000 && (i == 0 || cut < 1_500 || proxy.hasCut()); cut += 97) {
      proxy.cutAfter(cut);
      commitUntilItWorks(numbered(job, stream, i));
      i++;
    }
    proxy.cutAfter(Integer.MAX_VALUE);
    assertThat(i).isGreaterThan(15);
    assertThat(lines()).hasSize(i).doesNotHaveDuplicates();
    assertThat(events()).hasSize(i).doesNotHaveDuplicates();
  }

  @Test
  void backendsKilledAgainAndAgainLoseAndDoubleNothing() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    try (ExecutorService background = Executors.newSingleThreadExecutor()) {
      Future<Integer> killer =
          background.submit(() -> {
            int kills = 0;
            for (int seen = lines().size(); seen < 300; seen = lines().size()) {
              postgres.killBackends();
              kills++;
              // Else a quick killer leaves the writer no time to commit at all.
              int before = seen;
              await()
                  .atMost(60, TimeUnit.SECONDS)
                  .pollInterval(3, TimeUnit.MILLISECONDS)
                  .until(() -> lines().size() > before);
            }
            return kills;
          });
      for (int i = 0; i < 300; i++) {
        commitUntilItWorks(numbered(job, stream, i));
      }
      assertThat(killer.get()).isPositive();
    }
    assertThat(lines()).hasSize(300).doesNotHaveDuplicates();
    assertThat(events()).hasSize(300).doesNotHaveDuplicates();
  }

  @Test
  void aServerKilledAndStartedAgainHasWhatWasCommitted(@TempDir Path folder) throws Exception {
    try (OwnPostgres own = OwnPostgres.start(folder.resolve("data"));
        PostgresStore durable =
            PostgresStore.open(own.writer().with(IMPATIENT), InstantSource.system())) {
      OpenedJob job = durable.openJob(Samples.job("1"));
      OpenedStream stream = durable.openStream(job.jobKey(), stdout(0));
      durable.commit(numbered(job, stream, 0));
      own.kill();
      Batch next = numbered(job, stream, 1);
      assertThatThrownBy(() -> durable.commit(next)).isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(() -> durable.modes(List.of())).isInstanceOf(StoreUnavailable.class);
      own.restart();

      while (!tryCommit(durable, next)) {
        Thread.onSpinWait();
      }
      try (var connection = TestPostgres.connect(own.superuser())) {
        assertThat(Rows.of(connection, "SELECT text FROM jobs.log_lines('1') WHERE kind = 'text'"))
            .containsExactly("line 0", "line 1");
      }
    }
  }

  private void commitUntilItWorks(Batch batch) {
    while (!tryCommit(store, batch)) {
      Thread.onSpinWait();
    }
  }

  private static boolean tryCommit(PostgresStore store, Batch batch) {
    try {
      assertThat(store.commit(batch).superseded()).isEmpty();
      return true;
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  private List<String> lines() throws Exception {
    return Rows.of(postgres, "SELECT body FROM joblog.chunk ORDER BY first_line");
  }

  private List<String> events() throws Exception {
    return Rows.of(postgres, "SELECT message FROM joblog.event ORDER BY event_key");
  }
}
