package org.joblog.ingest.lane;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.joblog.ingest.store.CommitOutcome;
import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks to the database for one lane. It asks again until the database answers, for as long as it
 * takes: meanwhile the lane's budgets fill and the senders wait. {@link #THREADS} threads run it,
 * so that one can copy lines while the commit of the batch before waits for the disk; what they
 * tell the lane and what the database commits is in the order of the tasks. Safe for use by many
 * threads.
 *
 * <p>Its queue is bounded by what the lane hands over: two batches at a time, and one question per
 * connection.
 */
final class Writer implements Runnable {

  /** As many as the lane hands over batches at a time. */
  static final int THREADS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LOG_EVERY = Duration.ofSeconds(30);

  private final Store store;
  private final LaneMeter meter;
  private final BlockingQueue<StoreTask> tasks = new LinkedBlockingQueue<>();
  private final ReentrantLock taking = new ReentrantLock();
  private final Turns turns = new Turns();
  private volatile Consumer<LaneMessage> outcomes = _ -> {};
  private volatile boolean stopped;
  private volatile boolean away;
  private volatile long loggedNanos = System.nanoTime() - LOG_EVERY.toNanos();

  Writer(Store store, LaneMeter meter) {
    this.store = store;
    this.meter = meter;
  }

  /** Where answers go; to be said before the first task. */
  void reportTo(Consumer<LaneMessage> lane) {
    outcomes = lane;
  }

  void submit(StoreTask task) {
    tasks.add(task);
  }

  /** Whether the last answer of the database was that it is not available. */
  boolean storeAway() {
    return away;
  }

  /** Ends the thread after the attempt that is under way; what is not written stays unwritten. */
  void stop() {
    stopped = true;
    turns.stop();
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        Turned next = next();
        if (next != null) {
          perform(next.task(), next.place());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** A task and its place in the order of tasks. */
  private record Turned(StoreTask task, Turns.Place place) {}

  private @Nullable Turned next() throws InterruptedException {
    taking.lockInterruptibly();
    try {
      StoreTask task = tasks.poll(100, TimeUnit.MILLISECONDS);
      return task == null ? null : new Turned(task, turns.next());
    } finally {
      taking.unlock();
    }
  }

  private void perform(StoreTask task, Turns.Place place) {
    LaneMessage outcome = ahead(task, place);
    if (outcome == null && place.awaitPatiently()) {
      outcome = inTurn(task, place);
    }
    if (outcome != null) {
      outcomes.accept(outcome);
      place.done();
    }
  }

  /** What came of a batch that was begun while the one before was under way; null if nothing. */
  private @Nullable LaneMessage ahead(StoreTask task, Turns.Place place) {
    if (!(task instanceof StoreTask.Commit commit) || place.hasCome()) {
      return null;
    }
    try {
      CommitOutcome outcome = store.commitAhead(commit.batch(), place);
      if (outcome != null) {
        away = false;
        return new LaneMessage.Committed(outcome);
      }
    } catch (StoreUnavailable e) {
      failed("the database cannot answer", e);
    } catch (RuntimeException e) {
      failed("a bug in the store", e);
    }
    return null;
  }

  /** Until the database has answered; null if the writer is to end before. */
  private @Nullable LaneMessage inTurn(StoreTask task, Turns.Place place) {
    Duration pause = FIRST_PAUSE;
    while (!stopped) {
      try {
        LaneMessage outcome = attempt(task);
        away = false;
        return outcome;
      } catch (StoreUnavailable e) {
        failed("the database cannot answer", e);
      } catch (RuntimeException e) {
        failed("a bug in the store", e);
        LaneMessage refusal = refusal(task);
        if (refusal != null) {
          return refusal;
        }
      }
      place.falter();
      LockSupport.parkNanos(pause.toNanos());
      pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
    }
    return null;
  }

  private LaneMessage attempt(StoreTask task) throws StoreUnavailable {
    return switch (task) {
      case StoreTask.OpenJob open ->
          new LaneMessage.JobOpened(open.job(), store.openJob(open.facts()));
      case StoreTask.OpenStream open ->
          new LaneMessage.StreamOpened(
              open.session(),
              open.stream(),
              open.identity(),
              store.openStream(open.jobKey(), open.identity()));
      case StoreTask.ReadModes read -> new LaneMessage.ModesRead(store.modes(read.jobKeys()));
      case StoreTask.Commit commit -> new LaneMessage.Committed(store.commit(commit.batch()));
    };
  }

  /** A greeting that trips over a bug is refused alone; a batch is never given up. */
  private static @Nullable LaneMessage refusal(StoreTask task) {
    return switch (task) {
      case StoreTask.OpenJob open -> new LaneMessage.JobNotOpened(open.job());
      case StoreTask.OpenStream open -> new LaneMessage.StreamNotOpened(open.session());
      case StoreTask.ReadModes _ -> new LaneMessage.ModesRead(Map.of());
      case StoreTask.Commit _ -> null;
    };
  }

  private void failed(String what, Exception e) {
    away = true;
    meter.storeUnavailable();
    long now = System.nanoTime();
    if (now - loggedNanos >= LOG_EVERY.toNanos()) {
      loggedNanos = now;
      LOG.warn("{}; asking again until it does", what, e);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
