package org.joblog.ingest.net;

import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.PauseReason;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a connection may read: not while one of its budgets is exhausted, and not while
 * its job is slowed. A stop that lasts is told to the sender, with the reason. Confined to its
 * connection's event loop, but for {@link #release}.
 */
final class ReadGate implements FrameDecoder.Gate {

  private final Channel channel;
  private final NetLimits limits;
  private final Runnable resume;
  private final Budget own;
  private final Budget global;
  private final NetMeter meter;
  private @Nullable Budget job;

  private boolean slowed;
  private boolean stopped;
  private boolean told;
  private int stops;

  /**
   * Open at first.
   *
   * @param resume called when it opens again
   */
  ReadGate(Channel channel, NetLimits limits, Budget global, NetMeter meter, Runnable resume) {
    this.channel = channel;
    this.limits = limits;
    this.global = global;
    this.meter = meter;
    this.resume = resume;
    own = new Budget(limits.connectionBytes());
  }

  void join(Budget jobBudget) {
    job = jobBudget;
  }

  /** A frame is taken. */
  void charge(long cost) {
    budgets().forEach(budget -> budget.charge(cost));
  }

  /** What a frame cost is free again. Safe for use by many threads. */
  void release(long cost) {
    budgets().forEach(budget -> budget.release(cost));
  }

  /** The job is slowed, or no longer. */
  void slow(boolean on) {
    slowed = on;
    if (on) {
      stop(PauseReason.THROUGHPUT);
    } else {
      recheck();
    }
  }

  @Override
  public boolean open() {
    if (stopped) {
      return false;
    }
    for (Budget budget : budgets()) {
      if (budget.exhausted()) {
        budget.whenRoom(this::wake);
        stop(budget == global ? PauseReason.MEMORY : PauseReason.STORE);
        return false;
      }
    }
    return true;
  }

  /** While the connection is being read, silence means that the sender is gone. */
  @Override
  public boolean reading() {
    return !stopped;
  }

  private void wake() {
    if (channel.isRegistered()) {
      channel.eventLoop().execute(this::recheck);
    }
  }

  private void recheck() {
    if (!stopped || slowed) {
      return;
    }
    stopped = false;
    if (!open()) {
      return;
    }
    if (told) {
      told = false;
      channel.writeAndFlush(new Frame.Unpause());
    }
    channel.config().setAutoRead(true);
    resume.run();
  }

  private void stop(PauseReason reason) {
    if (stopped) {
      return;
    }
    stopped = true;
    int stop = ++stops;
    channel.config().setAutoRead(false);
    channel
        .eventLoop()
        .schedule(() -> tell(stop, reason), limits.pauseNotice().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tell(int stop, PauseReason reason) {
    if (stopped && !told && stop == stops) {
      told = true;
      meter.paused(reason);
      channel.writeAndFlush(new Frame.Pause(reason));
    }
  }

  private List<Budget> budgets() {
    Budget shared = job;
    return shared == null ? List.of(own, global) : List.of(own, shared, global);
  }
}
