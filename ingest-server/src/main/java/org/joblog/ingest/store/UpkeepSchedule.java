package org.joblog.ingest.store;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs upkeep now and then on a thread of its own ({@code upkeep}), first at the start. A run that
 * fails is told once and tried again at its next turn. Safe for use by many threads.
 */
public final class UpkeepSchedule implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UpkeepSchedule.class);

  /** A statement at work is not waited for longer: the database rolls it back. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final PostgresStore store;
  private final Duration interval;
  private final Thread thread;

  private UpkeepSchedule(PostgresStore store, Duration interval) {
    this.store = store;
    this.interval = interval;
    this.thread = Thread.ofPlatform().name("upkeep").daemon().unstarted(this::run);
  }

  /** Starts the thread. */
  public static UpkeepSchedule start(PostgresStore store, Duration interval) {
    UpkeepSchedule schedule = new UpkeepSchedule(store, interval);
    schedule.thread.start();
    return schedule;
  }

  private void run() {
    boolean failed = false;
    try {
      while (true) {
        failed = !runOnce(failed);
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private boolean runOnce(boolean failedBefore) {
    try {
      UpkeepReport report = store.maintain();
      if (report.partitionsCreated() + report.partitionsDropped() + report.jobsRemoved() > 0) {
        LOG.info("upkeep: {}", report);
      }
      return true;
    } catch (StoreUnavailable e) {
      if (!failedBefore) {
        LOG.warn("upkeep failed and is tried every {}: {}", interval, e.getMessage());
      }
      return false;
    } catch (RuntimeException e) {
      LOG.error("upkeep failed and is tried every {}", interval, e);
      return false;
    }
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
