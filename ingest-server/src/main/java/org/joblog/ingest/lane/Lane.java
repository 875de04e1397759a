package org.joblog.ingest.lane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.store.CommitOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread and all that it owns: the jobs whose hash is its number, their streams, the open
 * batch. While its writer commits one batch it fills the next: a batch is what has piled up. Only
 * what has become large lies ready while another is being committed, so that the database does not
 * wait for the lane between two commits of a flood; the writer takes them in their order.
 *
 * <p>{@link #tell}, {@link #connect} and the figures are safe for use by many threads; everything
 * else is confined to the lane's thread. Its queue is bounded by the budgets under which frames are
 * admitted.
 */
public final class Lane implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final long LONGEST_WAIT_NANOS = Duration.ofMillis(500).toNanos();

  private final BlockingDeque<LaneMessage> queue = new LinkedBlockingDeque<>();
  private final Timers timers = new Timers();
  private final LaneLimits limits;
  private final Clock clock;
  private final LaneMeter meter;
  private final Consumer<StoreTask> writer;
  private final Registry registry;

  private final Set<Session> charged = new LinkedHashSet<>();
  private final List<Session> ending = new ArrayList<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final Deque<InFlight> inFlight = new ArrayDeque<>(2);
  private boolean draining;
  private long openBytes;
  private volatile boolean stopped;

  /** When the oldest input came that no commit covers; 0 if there is none. */
  private volatile long openSinceNanos;

  private volatile long inFlightSinceNanos;

  /**
   * A lane that does nothing until it is run.
   *
   * @param writer takes what the database is asked; must not block
   */
  Lane(LaneParts parts, Consumer<StoreTask> writer) {
    limits = parts.limits();
    clock = parts.clock();
    meter = parts.meter();
    this.writer = writer;
    registry = new Registry(parts, timers, writer);
  }

  /** A connection that will greet; its messages carry the session. */
  public Session connect(Peer peer) {
    return new Session(this, peer);
  }

  /**
   * Hands a message over. Never blocks. The outcome of a commit goes before all that waits: behind
   * a flood of bytes it would keep the writer idle for as long as they take.
   */
  public void tell(LaneMessage message) {
    if (message instanceof LaneMessage.Committed) {
      queue.addFirst(message);
    } else {
      queue.addLast(message);
    }
  }

  /** Completes when everything that came before has been committed and acknowledged. */
  public CompletableFuture<Void> drain() {
    tell(new LaneMessage.Drain());
    return drained;
  }

  /** Ends the thread soon; what is not committed is not lost, because it is not acknowledged. */
  public void stop() {
    stopped = true;
  }

  /** For how long the oldest input has been waiting for its commit, in nanoseconds; 0 if none. */
  public long oldestUncommittedNanos() {
    long since = inFlightSinceNanos != 0 ? inFlightSinceNanos : openSinceNanos;
    return since == 0 ? 0 : Math.max(0, clock.nanos() - since);
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        doWork(timers.untilNext(clock.nanos(), LONGEST_WAIT_NANOS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * Takes what is in the queue, runs what is due, hands a batch over if the writer is free.
   *
   * @param waitNanos how long to wait for a first message
   */
  void doWork(long waitNanos) throws InterruptedException {
    LaneMessage message = queue.poll(waitNanos, TimeUnit.NANOSECONDS);
    for (int taken = 0; message != null; taken++) {
      LaneMessage next = message;
      safely(next.getClass().getSimpleName(), () -> handle(next));
      boolean writerFree = next instanceof LaneMessage.Committed;
      message = writerFree || taken >= limits.messagesPerTurn() ? null : queue.poll();
    }
    safely("a timer", () -> timers.runDue(clock.nanos()));
    handOver();
    if (draining && inFlight.isEmpty() && queue.isEmpty()) {
      drained.complete(null);
    }
  }

  /** Whether a message waits. */
  boolean hasWork() {
    return !queue.isEmpty();
  }

  /** The lane outlives every bug that a message or a timer trips over. */
  private static void safely(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("a bug in the lane, met by {}", what, e);
    }
  }

  private void handle(LaneMessage message) {
    switch (message) {
      case LaneMessage.FromPeer fromPeer -> fromPeer(fromPeer);
      case LaneMessage.JobOpened answer -> registry.jobOpened(answer);
      case LaneMessage.JobNotOpened answer -> registry.jobNotOpened(answer.job());
      case LaneMessage.StreamOpened answer -> registry.streams().opened(answer);
      case LaneMessage.StreamNotOpened answer -> registry.streams().refuseForNow(answer.session());
      case LaneMessage.Committed answer -> committed(answer.outcome());
      case LaneMessage.ModesMayHaveChanged change -> registry.askForModes(change.jobKeys());
      case LaneMessage.ModesRead answer -> registry.modesRead(answer.modes());
      case LaneMessage.Drain _ -> draining = true;
    }
  }

  /** One bad message costs its connection, not the lane. */
  private void fromPeer(LaneMessage.FromPeer message) {
    Session session = message.session();
    if (message instanceof LaneMessage.Bytes bytes) {
      admit(session, bytes);
    }
    if (session.closed()) {
      return;
    }
    try {
      registry.handle(message);
    } catch (RuntimeException e) {
      LOG.error("a bug in the route of {}", session, e);
      registry.fail(session);
    }
    if (message instanceof LaneMessage.EndOfJob && session.endRequested()) {
      ending.add(session);
    }
  }

  private void admit(Session session, LaneMessage.Bytes bytes) {
    session.charge(bytes.cost());
    charged.add(session);
    openBytes += bytes.bytes().length;
    if (openSinceNanos == 0) {
      openSinceNanos = clock.nanos();
    }
  }

  private void handOver() {
    boolean idle = inFlight.isEmpty();
    if (!idle && (inFlight.size() > 1 || openBytes < limits.readyBatchBytes())) {
      return;
    }
    List<Written> streams = new ArrayList<>();
    List<JobBatch> jobs = registry.collect(streams);
    Map<Session, Long> costs = new HashMap<>();
    charged.forEach(session -> costs.put(session, session.takeCost()));
    charged.clear();
    if (jobs.isEmpty() && idle) {
      openSinceNanos = 0;
      openBytes = 0;
      release(costs);
      tellEnded(List.copyOf(ending));
      return;
    }
    long now = clock.nanos();
    long since = openSinceNanos == 0 ? now : openSinceNanos;
    InFlight next =
        new InFlight(new Batch(jobs), streams, costs, List.copyOf(ending), since, now, openBytes);
    inFlight.addLast(next);
    ending.clear();
    inFlightSinceNanos = inFlight.getFirst().sinceNanos();
    openSinceNanos = 0;
    openBytes = 0;
    writer.accept(new StoreTask.Commit(next.batch()));
  }

  private void committed(CommitOutcome outcome) {
    InFlight done = inFlight.removeFirst();
    InFlight next = inFlight.peekFirst();
    inFlightSinceNanos = next == null ? 0 : next.sinceNanos();
    done.batch().jobs().forEach(registry::written);
    done.streams().forEach(written -> registry.written(written, outcome));
    release(done.costs());
    tellEnded(done.ending());
    meter.committed(CommitCount.of(done, clock.nanos()));
  }

  private void tellEnded(List<Session> sessions) {
    sessions.forEach(session -> session.peer().ended());
    ending.removeAll(sessions);
  }

  private static void release(Map<Session, Long> costs) {
    costs.forEach((session, cost) -> session.peer().release(cost));
  }
}
