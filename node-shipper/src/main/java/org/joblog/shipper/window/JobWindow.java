package org.joblog.shipper.window;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of one job's output, shared by the threads that read it (one a stream) and the
 * link that sends it. One lock guards it and its streams; it is held for microseconds, or while a
 * block is written to the spool. Safe for use by many threads.
 */
public final class JobWindow implements Closeable {

  /** How often a thread that holds the job back looks whether it may go on doing so. */
  private static final long HOLD_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final WindowLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<StreamWindow> streams = new ArrayList<>();
  private final Spool spool;
  private final HoldBudget budget;
  private final Clock clock;
  private Runnable onMore = () -> {};
  private Runnable onEnd = () -> {};
  private Reach reach = Reach.UNDECIDED;
  private boolean everAlive;
  private boolean finishing;
  private Frame.@Nullable EndOfJob end;
  private boolean done;
  private long acknowledgedBytes;

  /** Where times come from. */
  public interface Clock {
    /** Microseconds since the epoch. */
    long micros();

    /** Nanoseconds that only grow. */
    long nanos();
  }

  public JobWindow(WindowLimits limits, Path spoolFolder, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    spool = new Spool(spoolFolder, limits.spoolBytes());
    budget =
        new HoldBudget(limits.holdBudget().toNanos(), limits.floorBytesPerSecond(), clock.nanos());
  }

  /** Adds a stream, before the link starts. */
  public StreamWindow add(StreamKind kind) {
    StreamWindow stream = new StreamWindow(this, kind);
    streams.add(stream);
    return stream;
  }

  public List<StreamWindow> streams() {
    return streams;
  }

  /**
   * Sets what rouses the link; both are called from any thread and must not wait.
   *
   * @param more there is something to send
   * @param end the command is over: now or never
   */
  public void onChange(Runnable more, Runnable end) {
    onMore = more;
    onEnd = end;
  }

  /** The link has found out something about the server. */
  public void setReach(Reach now) {
    lock.lock();
    try {
      // A refusal is for good; undecided is only the beginning.
      if (reach != Reach.REFUSED) {
        reach = now;
        everAlive |= now == Reach.ALIVE;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The command is over: from now on nothing is held back for the server's sake. */
  public void finish() {
    lock.lock();
    try {
      finishing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onEnd.run();
  }

  /** How the command ended; said after all streams have ended. */
  public void setEnd(int exitCode, int signal) {
    lock.lock();
    try {
      end = new Frame.EndOfJob(clock.micros(), exitCode, signal);
    } finally {
      lock.unlock();
    }
    onEnd.run();
  }

  /** How the command ended, or null while it runs. */
  public Frame.@Nullable EndOfJob end() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the command is over. */
  public boolean isFinishing() {
    lock.lock();
    try {
      return finishing;
    } finally {
      lock.unlock();
    }
  }

  /** The server has stored everything, the end too. */
  public void setDone() {
    lock.lock();
    try {
      done = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits at the end until the server has everything, as long as that is worth waiting for.
   *
   * @return whether it has
   */
  public boolean awaitDone(DrainLimits drain) throws InterruptedException {
    long start = clock.nanos();
    long progressAt = start;
    lock.lock();
    try {
      long seen = acknowledgedBytes;
      Reach seenReach = reach;
      while (!done && reach != Reach.REFUSED) {
        long now = clock.nanos();
        if (acknowledgedBytes != seen || reach != seenReach) {
          seen = acknowledgedBytes;
          seenReach = reach;
          progressAt = now;
        }
        long left =
            Math.min(
                progressAt + drain.patience(reach, everAlive).toNanos() - now,
                start + drain.total().toNanos() - now);
        if (left <= 0) {
          return false;
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
      return done;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      spool.close();
    } finally {
      lock.unlock();
    }
  }

  /**
   * For streams: under the lock, holds the job back while there is no room, as long as the server
   * is alive, the command runs and the budget lasts.
   */
  void holdWhile(BooleanSupplier full) throws InterruptedException {
    if (!full.getAsBoolean() || !mayHold()) {
      return;
    }
    budget.begin(clock.nanos());
    try {
      long left = budget.leftNanos(clock.nanos());
      while (left > 0 && full.getAsBoolean() && mayHold()) {
        changed.await(Math.min(left, HOLD_SLICE_NANOS), TimeUnit.NANOSECONDS);
        left = budget.leftNanos(clock.nanos());
      }
    } finally {
      budget.end(clock.nanos());
    }
  }

  private boolean mayHold() {
    return reach == Reach.ALIVE && !finishing;
  }

  /** For streams: under the lock, some bytes have been acknowledged. */
  void acknowledged(long bytes) {
    acknowledgedBytes += bytes;
    budget.acknowledged(bytes, clock.nanos());
    changed.signalAll();
  }

  /** For streams: there is something to send. */
  void rouse() {
    onMore.run();
  }

  ReentrantLock lock() {
    return lock;
  }

  WindowLimits limits() {
    return limits;
  }

  Spool spool() {
    return spool;
  }

  Clock clock() {
    return clock;
  }

  /** For streams: under the lock. */
  Reach reach() {
    return reach;
  }
}
