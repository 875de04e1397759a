package org.joblog.ingest.slurm;

import java.io.IOException;
import java.time.Duration;
import org.joblog.ingest.store.OpenRuns;
import org.joblog.ingest.store.PostgresStore;
import org.joblog.ingest.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Slurm now and then, on a thread of its own ({@code slurm-poll}), what became of the jobs
 * that joblog knows; not at all while it knows none. A question without an answer changes nothing:
 * it is told once and asked again at the next turn. Safe for use by many threads.
 */
public final class SlurmPoll implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SlurmPoll.class);

  /** What runs then is a program, ended by the interruption, or a statement, rolled back. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final PostgresStore store;
  private final SlurmSettings settings;
  private final Squeue squeue;
  private final Thread thread;
  private boolean failedBefore;

  SlurmPoll(PostgresStore store, SlurmSettings settings) {
    this.store = store;
    this.settings = settings;
    this.squeue = new Squeue(settings.command(), settings.limits());
    this.thread = Thread.ofPlatform().name("slurm-poll").daemon().unstarted(this::run);
  }

  /** Starts the thread. */
  public static SlurmPoll start(PostgresStore store, SlurmSettings settings) {
    SlurmPoll poll = new SlurmPoll(store, settings);
    poll.thread.start();
    return poll;
  }

  private void run() {
    try {
      while (true) {
        turn();
        Thread.sleep(settings.interval());
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void turn() throws InterruptedException {
    try {
      ask();
      if (failedBefore) {
        LOG.info("Slurm answers again");
      }
      failedBefore = false;
    } catch (IOException | StoreUnavailable e) {
      if (!failedBefore) {
        LOG.warn(
            "states of jobs are not known, asked again every {}: {}",
            settings.interval(),
            e.getMessage());
      }
      failedBefore = true;
    } catch (RuntimeException e) {
      LOG.error("states of jobs are not known, asked again every {}", settings.interval(), e);
    }
  }

  /** One question, and what it means written down. */
  void ask() throws IOException, StoreUnavailable, InterruptedException {
    OpenRuns open = store.openRuns(settings.cluster());
    if (open.runs().isEmpty()) {
      return;
    }
    Reconciliation news = Reconciliation.of(open.runs(), squeue.ask());
    store.writeFacts(open.atMicros(), news.known(), news.missing(), settings.grace());
  }

  /** Stops the thread; waits at most a few seconds for it. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
