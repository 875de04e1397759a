package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ModeListenerTest {

  private static final String CONNECTED = "connected";

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private final ModeListener.Outlet outlet =
      new ModeListener.Outlet() {
        @Override
        public void modeChanged(long jobKey, Mode mode) {
          heard.add(jobKey + " " + mode);
        }

        @Override
        public void changesMayBeMissing() {
          heard.add(CONNECTED);
        }
      };

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  @AutoClose private final ModeListener listener = ModeListener.start(postgres.writer(), outlet);

  private String next() throws InterruptedException {
    return heard.poll(30, TimeUnit.SECONDS);
  }

  private void change(long jobKey, Mode mode) throws StoreUnavailable {
    store.commit(
        new Batch(
            List.of(
                new JobBatch(jobKey, mode, null, List.of(), List.of(), KeyNews.NONE, List.of()))));
  }

  @Test
  void everyServerHearsOfACommittedModeOnce() throws Exception {
    long job = store.openJob(Samples.job("1")).jobKey();
    assertThat(next()).isEqualTo(CONNECTED);
    change(job, Mode.DISABLED);
    change(job, Mode.ENABLED);

    assertThat(next()).isEqualTo(job + " DISABLED");
    assertThat(next()).isEqualTo(job + " ENABLED");
  }

  @Test
  void aListenerWhoseConnectionBreaksConnectsAgainAndSaysSo() throws Exception {
    long job = store.openJob(Samples.job("1")).jobKey();
    assertThat(next()).isEqualTo(CONNECTED);
    postgres.killBackends();

    assertThat(next()).isEqualTo(CONNECTED);
    // The killed connections of the pool are found broken one by one.
    await().ignoreExceptions().until(() -> store.modes(List.of(job)).size() == 1);
    change(job, Mode.METADATA);
    assertThat(next()).isEqualTo(job + " METADATA");
  }

  /** A server on which nothing happens must find out by itself: /readyz and an alert rely on it. */
  @Test
  void aDatabaseThatFallsSilentCountsAsAway() throws Exception {
    assertThat(next()).isEqualTo(CONNECTED);
    try (CuttingProxy proxy = new CuttingProxy(PostgresServer.shared().address())) {
      StoreSettings writer = postgres.writer();
      String url = "jdbc:postgresql://localhost:" + proxy.port() + "/" + postgres.database();
      StoreSettings behindProxy = new StoreSettings(url, writer.user(), writer.password());
      try (ModeListener far = ModeListener.start(behindProxy, outlet)) {
        assertThat(next()).isEqualTo(CONNECTED);
        assertThat(far.isConnected()).isTrue();
        proxy.freeze();
        await().atMost(Duration.ofMinutes(2)).until(() -> !far.isConnected());
        proxy.thaw();

        assertThat(next()).isEqualTo(CONNECTED);
        await().until(far::isConnected);
      }
    }
  }

  @Test
  void rubbishOnTheChannelIsPassedOver() throws Exception {
    assertThat(next()).isEqualTo(CONNECTED);
    postgres.execute("SELECT pg_notify('joblog_mode', 'hello'), pg_notify('joblog_mode', '1 no')");
    postgres.execute("SELECT pg_notify('joblog_mode', '12 enabled')");

    assertThat(next()).isEqualTo("12 ENABLED");
  }
}
