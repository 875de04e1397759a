package org.joblog.shipper.window;

import java.io.Closeable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.joblog.schema.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of one job's output, shared by the threads that read it (one a stream) and the
 * link that sends it. One lock guards it and its streams; it is held for microseconds, or while a
 * block is written to the spool. Safe for use by many threads.
 */
public final class JobWindow implements Closeable {

  private final WindowLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<StreamWindow> streams = new CopyOnWriteArrayList<>();
  private final Storage storage;
  private final Spool spool;
  private final Hold hold;
  private final Clock clock;
  private Runnable onMore = () -> {};
  private Runnable onEnd = () -> {};
  private Reach reach = Reach.UNDECIDED;
  private boolean everAlive;
  private boolean finishing;
  private Frame.@Nullable EndOfJob end;
  private boolean done;
  private long acknowledgedBytes;
  private Frame.@Nullable Refusal refusal;

  /** Where times come from. */
  public interface Clock {
    /** Microseconds since the epoch. */
    long micros();

    /** Nanoseconds that only grow. */
    long nanos();
  }

  public JobWindow(WindowLimits limits, Storage storage, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    this.storage = storage;
    spool = new Spool(storage, limits.spoolBytes());
    hold = new Hold(limits, changed, clock);
  }

  /** Adds a stream whose bytes this process reads itself, from 0. */
  public StreamWindow add(StreamName name) {
    StreamWindow stream = new StreamWindow(this, name, 0, false);
    streams.add(stream);
    return stream;
  }

  /**
   * Adds a stream whose bytes somebody else has read, so that the server may be ahead of what is
   * known here. A job that was about to end goes on.
   *
   * @param from offset of its first byte that is not acknowledged
   * @return the stream; empty if the job is done
   */
  public Optional<StreamWindow> addRelayed(StreamName name, long from) {
    lock.lock();
    try {
      if (done) {
        return Optional.empty();
      }
      end = null;
      StreamWindow stream = new StreamWindow(this, name, from, true);
      streams.add(stream);
      return Optional.of(stream);
    } finally {
      lock.unlock();
      onEnd.run();
    }
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

  /** Whether nothing is known about the server yet. */
  public boolean isUndecided() {
    lock.lock();
    try {
      return reach == Reach.UNDECIDED;
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

  /**
   * The server has stored everything, the end too.
   *
   * @return whether that was all; not if a stream was added in the meantime
   */
  public boolean setDone() {
    lock.lock();
    try {
      done = end != null;
      changed.signalAll();
      return done;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the server has stored everything, the end too. */
  public boolean isDone() {
    lock.lock();
    try {
      return done;
    } finally {
      lock.unlock();
    }
  }

  /** The server will never take this job. */
  public void refuse(Frame.Refusal why) {
    lock.lock();
    try {
      refusal = why;
    } finally {
      lock.unlock();
    }
    setReach(Reach.REFUSED);
  }

  /** Why the server will never take this job; empty as long as it may. */
  public Optional<Frame.Refusal> refusal() {
    lock.lock();
    try {
      return Optional.ofNullable(refusal);
    } finally {
      lock.unlock();
    }
  }

  /** Whether every stream has ended and is acknowledged to its end. */
  public boolean isSettled() {
    return streams.stream().allMatch(StreamWindow::isSettled);
  }

  /** Bytes that it holds on disk. */
  public long spooledBytes() {
    lock.lock();
    try {
      return spool.bytes();
    } finally {
      lock.unlock();
    }
  }

  /** How long it has held the job back in all, in ns. */
  public long heldNanos() {
    lock.lock();
    try {
      return hold.heldNanos();
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
      streams.forEach(StreamWindow::release);
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
    if (full.getAsBoolean() && mayHold()) {
      hold.waitWhile(() -> full.getAsBoolean() && mayHold());
    }
  }

  private boolean mayHold() {
    return reach == Reach.ALIVE && !finishing;
  }

  /** For streams: under the lock, some bytes have been acknowledged. */
  void acknowledged(long bytes) {
    acknowledgedBytes += bytes;
    hold.acknowledged(bytes);
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

  Storage storage() {
    return storage;
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
