package org.joblog.ingest.lane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.joblog.ingest.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All lanes with their writers. A job's hash says which lane owns it. Safe for use by many threads.
 */
public final class Lanes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

  /** How many threads of a lane may talk to the database at a time. */
  public static final int DATABASE_THREADS = Writer.THREADS;

  private static final Duration STOP_WAIT = Duration.ofSeconds(5);

  private final List<Lane> lanes = new ArrayList<>();
  private final List<Writer> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  /**
   * Starts the threads.
   *
   * @param count how many lanes, from 1
   */
  public Lanes(int count, LaneParts parts, Store store) {
    for (int number = 0; number < count; number++) {
      Writer writer = new Writer(store, parts.meter());
      Lane lane = new Lane(parts, writer::submit);
      writer.reportTo(lane::tell);
      lanes.add(lane);
      writers.add(writer);
      for (int thread = 0; thread < Writer.THREADS; thread++) {
        start("writer-" + number + "-" + thread, writer);
      }
      start("lane-" + number, lane);
    }
  }

  /** The lane that owns the job. */
  public Lane laneOf(String job) {
    return lanes.get(Math.floorMod(job.hashCode(), lanes.size()));
  }

  /**
   * Some server changed modes.
   *
   * @param jobKeys of which jobs; empty if nobody knows
   */
  public void modesMayHaveChanged(Set<Long> jobKeys) {
    lanes.forEach(lane -> lane.tell(new LaneMessage.ModesMayHaveChanged(jobKeys)));
  }

  /** For how long the oldest input of all lanes has been waiting for its commit; 0 if none. */
  public long oldestUncommittedNanos() {
    return lanes.stream().mapToLong(Lane::oldestUncommittedNanos).max().orElse(0);
  }

  /** Whether no writer was told that the database is not available. */
  public boolean storeAnswers() {
    return writers.stream().noneMatch(Writer::storeAway);
  }

  /**
   * Waits until everything that came is committed and acknowledged.
   *
   * @return false if that took longer than {@code most}; then it is not lost, only not acknowledged
   */
  public boolean drain(Duration most) {
    CompletableFuture<?>[] all =
        lanes.stream().map(Lane::drain).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(all).get(most.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      LOG.warn("not everything could be committed in {} s; the senders keep it", most.toSeconds());
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a lane failed to drain", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    lanes.forEach(Lane::stop);
    writers.forEach(Writer::stop);
    for (Thread thread : threads) {
      try {
        thread.join(STOP_WAIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Completes if a thread dies of an error that it cannot outlive, such as memory that is full:
   * then this process is of no use any more and had better end and be started again.
   */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  private void start(String name, Runnable role) {
    threads.add(Thread.ofPlatform().name(name).uncaughtExceptionHandler(this::died).start(role));
  }

  private void died(Thread thread, Throwable cause) {
    LOG.error("{} died", thread.getName(), cause);
    failure.complete(cause);
  }
}
