package org.joblog.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.store.CommitOutcome;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.ingest.store.OpenedStream;
import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StoreUnavailable;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.ingest.store.Turn;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two threads write for a lane, and everything happens in the order in which it was asked for. */
class WriterTest {

  /** Writes down what it is asked; batches are told apart by identity. */
  private static final class SlowStore implements Store {

    final List<String> done = Collections.synchronizedList(new ArrayList<>());
    final List<Batch> batches = List.of(batch(), batch(), batch());
    final CountDownLatch begunAhead = new CountDownLatch(1);
    final AtomicInteger failures = new AtomicInteger();
    volatile CountDownLatch commits = new CountDownLatch(0);

    private static Batch batch() {
      return new Batch(new ArrayList<>());
    }

    private int number(Batch wanted) {
      for (int i = 0; i < batches.size(); i++) {
        if (batches.get(i) == wanted) {
          return i;
        }
      }
      throw new AssertionError("a batch that nobody made");
    }

    @Override
    public CommitOutcome commit(Batch batch) throws StoreUnavailable {
      try {
        commits.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (failures.getAndDecrement() > 0) {
        throw new StoreUnavailable("commit", new IllegalStateException("for the test"));
      }
      done.add("commit " + number(batch));
      return CommitOutcome.ALL_WRITTEN;
    }

    @Override
    public @Nullable CommitOutcome commitAhead(Batch batch, Turn turn) {
      begunAhead.countDown();
      if (turn.await()) {
        done.add("ahead " + number(batch));
        return CommitOutcome.ALL_WRITTEN;
      }
      done.add("given up " + number(batch));
      return null;
    }

    @Override
    public OpenedJob openJob(JobFacts facts) {
      throw new AssertionError("no test opens a job");
    }

    @Override
    public OpenedStream openStream(long jobKey, StreamIdentity identity) {
      throw new AssertionError("no test opens a stream");
    }

    @Override
    public Map<Long, Mode> modes(Collection<Long> jobKeys) {
      done.add("modes");
      return Map.of();
    }

    @Override
    public void close() {}
  }

  private final SlowStore store = new SlowStore();
  private final List<LaneMessage> told = Collections.synchronizedList(new ArrayList<>());
  private final Writer writer = new Writer(store, new LaneMeter() {});
  private final List<Thread> threads = new ArrayList<>();

  private void start() {
    writer.reportTo(told::add);
    for (int i = 0; i < Writer.THREADS; i++) {
      threads.add(Thread.ofPlatform().start(writer));
    }
  }

  private void commit(int number) {
    writer.submit(new StoreTask.Commit(store.batches.get(number)));
  }

  @AfterEach
  void stop() throws InterruptedException {
    writer.stop();
    store.commits.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aSecondBatchIsBegunWhileTheFirstIsCommittedAndWaitsForIt() throws Exception {
    store.commits = new CountDownLatch(1);
    start();
    commit(0);
    commit(1);
    store.begunAhead.await();
    assertThat(store.done).isEmpty();

    store.commits.countDown();

    await().until(() -> told.size() == 2);
    assertThat(store.done).containsExactly("commit 0", "ahead 1");
  }

  @Test
  void aBatchIsGivenUpWhenTheOneBeforeMustBeTriedAgainAndComesAfterIt() throws Exception {
    store.commits = new CountDownLatch(1);
    store.failures.set(2);
    start();
    commit(0);
    commit(1);
    store.begunAhead.await();

    store.commits.countDown();

    await().until(() -> told.size() == 2);
    assertThat(store.done).containsExactly("given up 1", "commit 0", "commit 1");
  }

  @Test
  void aQuestionIsAskedWhenAllBeforeItIsDone() throws Exception {
    store.commits = new CountDownLatch(1);
    start();
    commit(0);
    writer.submit(new StoreTask.ReadModes(Set.of(1L)));
    commit(1);
    commit(2);

    store.commits.countDown();

    await().until(() -> told.size() == 4);
    assertThat(store.done.subList(0, 2)).containsExactly("commit 0", "modes");
    assertThat(store.done.subList(2, 4))
        .satisfiesExactly(
            one -> assertThat(one).endsWith(" 1"), two -> assertThat(two).endsWith(" 2"));
    assertThat(told.get(1)).isInstanceOf(LaneMessage.ModesRead.class);
  }

  @Test
  void aWriterThatEndsWaitsForNoTurn() throws Exception {
    store.commits = new CountDownLatch(1);
    store.failures.set(Integer.MAX_VALUE);
    start();
    commit(0);
    commit(1);
    store.begunAhead.await();

    writer.stop();
    store.commits.countDown();

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(told).isEmpty();
  }
}
