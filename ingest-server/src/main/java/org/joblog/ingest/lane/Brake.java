package org.joblog.ingest.lane;

import java.time.Duration;
import java.util.Locale;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.schema.wire.Frame.PauseReason;

/**
 * Slows a job that prints more than its limit: its connections are paused until its debt is paid,
 * and its dashboard says so once when it begins and once when it is over. Confined to its lane's
 * thread.
 */
final class Brake {

  /** A job that was not paused for so long is no longer slowed. */
  private static final Duration CALM = Duration.ofSeconds(5);

  private final Job job;
  private final Throttle throttle;
  private final Timers timers;
  private final Clock clock;
  private final LaneMeter meter;

  private boolean paused;
  private boolean slowed;
  private long slowedAtNanos;
  private long pausedUntilNanos;

  Brake(Job job, Timers timers, Clock clock, LaneMeter meter) {
    this.job = job;
    this.timers = timers;
    this.clock = clock;
    this.meter = meter;
    throttle = new Throttle(job.limits().throughput(), clock.nanos());
  }

  /** Counts what the job printed, and pauses it if that was too much. */
  void spend(long bytes, long lines) {
    long now = clock.nanos();
    throttle.spend(bytes, lines, now);
    if (!paused) {
      long wait = throttle.waitNanos(now);
      if (wait > 0) {
        pause(now, wait);
      }
    }
  }

  /** A connection that joins a paused job is paused, too. */
  void joined(Session session) {
    if (paused) {
      session.peer().pause(PauseReason.THROUGHPUT);
    }
  }

  private void pause(long now, long wait) {
    paused = true;
    if (!slowed) {
      slowed = true;
      slowedAtNanos = now;
      meter.throttled(true);
      tell(EventKind.SLOWED, slowedMessage());
      timers.at(now + CALM.toNanos(), this::calm);
    }
    job.sessions().forEach(session -> session.peer().pause(PauseReason.THROUGHPUT));
    timers.at(now + wait, this::release);
  }

  private void release() {
    long now = clock.nanos();
    long wait = throttle.waitNanos(now);
    if (wait > 0) {
      timers.at(now + wait, this::release);
      return;
    }
    paused = false;
    pausedUntilNanos = now;
    job.sessions().forEach(session -> session.peer().unpause());
  }

  private void calm() {
    long now = clock.nanos();
    long calmAt = (paused ? now : pausedUntilNanos) + CALM.toNanos();
    if (now < calmAt) {
      timers.at(calmAt, this::calm);
      return;
    }
    slowed = false;
    meter.throttled(false);
    long seconds = Duration.ofNanos(pausedUntilNanos - slowedAtNanos).toSeconds();
    tell(
        EventKind.UNSLOWED,
        "The job is no longer slowed; it was for "
            + Math.max(1, seconds)
            + " s. Nothing was lost.");
  }

  private String slowedMessage() {
    Throttle.Rate rate = throttle.observe(clock.nanos());
    ThroughputLimit limit = throttle.limit();
    return throttle.byLines()
        ? String.format(
            Locale.ROOT,
            "The job is slowed: it printed %,d lines/s, the limit is %,d lines/s. Nothing is lost.",
            rate.lines(),
            limit.linesPerSecond())
        : String.format(
            Locale.ROOT,
            "The job is slowed: it printed %.1f MB/s, the limit is %.1f MB/s. Nothing is lost.",
            rate.bytes() / 1e6,
            limit.bytesPerSecond() / 1e6);
  }

  private void tell(EventKind kind, String message) {
    ThroughputLimit limit = throttle.limit();
    String details =
        String.format(
            Locale.ROOT,
            "{\"limit_bytes_per_second\": %d, \"limit_lines_per_second\": %d}",
            limit.bytesPerSecond(),
            limit.linesPerSecond());
    job.happened(new Event(clock.micros(), 0, 0, kind, message, details));
  }
}
