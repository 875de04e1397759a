package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which greetings are of one job. */
class JobIdentityTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  private static final long NOW = System.currentTimeMillis() * 1000;

  private static JobFacts started(long micros, int restart, JobOptions options) {
    return new JobFacts("fir", "77", restart, "ada", 1000, "train", micros, options);
  }

  private static long days(int days) {
    return Duration.ofDays(days).toMillis() * 1000;
  }

  @Test
  void stepsThatStartLaterBelongToTheJobAndItsFirstGreetingDecides() throws Exception {
    JobOptions first = new JobOptions(Mode.METADATA, false);
    OpenedJob job = store.openJob(started(NOW, 0, first));
    OpenedJob step = store.openJob(started(NOW + days(20), 0, JobOptions.DEFAULT));
    OpenedJob earlier = store.openJob(started(NOW - 5_000_000, 0, JobOptions.DEFAULT));

    assertThat(step.jobKey()).isEqualTo(job.jobKey());
    assertThat(earlier.jobKey()).isEqualTo(job.jobKey());
    assertThat(step.created()).isFalse();
    assertThat(step.options()).isEqualTo(first);
  }

  @Test
  void aRequeuedRunIsAJobOfItsOwn() throws Exception {
    OpenedJob first = store.openJob(started(NOW, 0, JobOptions.DEFAULT));
    OpenedJob second = store.openJob(started(NOW, 1, JobOptions.DEFAULT));

    assertThat(second.created()).isTrue();
    assertThat(second.jobKey()).isNotEqualTo(first.jobKey());
  }

  @Test
  void anIdThatComesBackAfterLongIsAnotherJob() throws Exception {
    OpenedJob old = store.openJob(started(NOW - days(400), 0, JobOptions.DEFAULT));
    postgres.execute("UPDATE joblog.job SET seen_at = seen_at - interval '390 days'");
    OpenedJob wrapped = store.openJob(started(NOW, 0, JobOptions.DEFAULT));

    assertThat(wrapped.created()).isTrue();
    assertThat(wrapped.jobKey()).isNotEqualTo(old.jobKey());
    assertThat(Rows.of(postgres, "SELECT jobs.job_key('77'), jobs.job_key('fir/77')"))
        .containsExactly(wrapped.jobKey() + "|" + wrapped.jobKey());
  }

  @Test
  void aJobThatRunsForLongKeepsItsIdentityByItsSignsOfLife() throws Exception {
    OpenedJob job = store.openJob(started(NOW - days(100), 0, JobOptions.DEFAULT));
    OpenedStream stream = store.openStream(job.jobKey(), Samples.stdout(0));
    postgres.execute("UPDATE joblog.job SET seen_at = seen_at - interval '100 days'");
    store.commit(Samples.batch(job.jobKey(), Samples.at(stream, 1)));

    assertThat(store.openJob(started(NOW, 0, JobOptions.DEFAULT)).jobKey()).isEqualTo(job.jobKey());
  }

  @Test
  void otherUsersGreetingsSayWhoOwnsTheJob() throws Exception {
    store.openJob(started(NOW, 0, JobOptions.DEFAULT));
    JobFacts intruder =
        new JobFacts("fir", "77", 0, "eve", 666, "x", NOW, new JobOptions(Mode.ENABLED, true));

    assertThat(store.openJob(intruder).uid()).isEqualTo(1000);
  }

  @Test
  void firstGreetingsAtTheSameMomentMakeOneJob() throws Exception {
    List<Future<OpenedJob>> greetings = new ArrayList<>();
    try (ExecutorService nodes = Executors.newFixedThreadPool(6)) {
      for (int i = 0; i < 24; i++) {
        long start = NOW + i;
        greetings.add(nodes.submit(() -> store.openJob(started(start, 0, JobOptions.DEFAULT))));
      }
    }
    Set<Long> keys = new HashSet<>();
    int created = 0;
    for (Future<OpenedJob> greeting : greetings) {
      keys.add(greeting.get().jobKey());
      created += greeting.get().created() ? 1 : 0;
    }
    assertThat(keys).hasSize(1);
    assertThat(created).isEqualTo(1);
  }

  @Test
  void aJobIsNamedByIdByClusterAndIdOrByKey() throws Exception {
    OpenedJob fir = store.openJob(Samples.job("5_1"));
    OpenedJob oak =
        store.openJob(
            new JobFacts("oak", "5_1", 0, "ada", 1, "n", Samples.NOON - 9, JobOptions.DEFAULT));

    assertThat(
            Rows.of(
                postgres,
                "SELECT jobs.job_key('5_1'), jobs.job_key('oak/5_1'), jobs.job_key(?),"
                    + " jobs.job_key('6'), jobs.job_key('key:99999999999999999999'),"
                    + " jobs.job_key(NULL), jobs.job_key('')",
                "key:" + oak.jobKey()))
        .containsExactly(
            "%d|%d|%d|null|null|null|null".formatted(fir.jobKey(), oak.jobKey(), oak.jobKey()));
  }

  @Test
  void blanksAroundAnIdAsTheyComeWithPastingDoNotCount() throws Exception {
    OpenedJob fir = store.openJob(Samples.job("5_1"));

    assertThat(
            Rows.of(
                postgres,
                "SELECT jobs.job_key(' 5_1'), jobs.job_key(' fir/5_1  '), jobs.job_key(?)",
                " key:" + fir.jobKey() + " "))
        .containsExactly("%1$d|%1$d|%1$d".formatted(fir.jobKey()));
  }
}
