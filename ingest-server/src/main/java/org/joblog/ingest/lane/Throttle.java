package org.joblog.ingest.lane;

/**
 * The limit on a job's throughput: two token buckets, one of bytes and one of lines. What is spent
 * beyond them is a debt, and the job waits until it is paid: nothing is dropped. Confined to its
 * lane's thread.
 */
final class Throttle {

  private static final double NANOS = 1e9;

  private final ThroughputLimit limit;
  private double bytes;
  private double lines;
  private long lastNanos;

  /** The observed rate since this moment. */
  private long windowNanos;

  private long windowBytes;
  private long windowLines;

  Throttle(ThroughputLimit limit, long nowNanos) {
    this.limit = limit;
    bytes = limit.burstBytes();
    lines = limit.burstLines();
    lastNanos = nowNanos;
    windowNanos = nowNanos;
  }

  /** Spends what the job printed. */
  void spend(long moreBytes, long moreLines, long nowNanos) {
    refill(nowNanos);
    bytes -= moreBytes;
    lines -= moreLines;
    windowBytes += moreBytes;
    windowLines += moreLines;
  }

  /** How long the job must wait until its debt is paid, in nanoseconds; 0 if it has none. */
  long waitNanos(long nowNanos) {
    refill(nowNanos);
    double seconds = Math.max(-bytes / limit.bytesPerSecond(), -lines / limit.linesPerSecond());
    return seconds <= 0 ? 0 : (long) Math.ceil(seconds * NANOS);
  }

  /** Whether the debt is one of lines rather than of bytes. */
  boolean byLines() {
    return -lines / limit.linesPerSecond() > -bytes / limit.bytesPerSecond();
  }

  ThroughputLimit limit() {
    return limit;
  }

  /** The rate since the last call, and a new beginning. */
  Rate observe(long nowNanos) {
    double seconds = Math.max(1e-3, (nowNanos - windowNanos) / NANOS);
    Rate rate = new Rate(Math.round(windowBytes / seconds), Math.round(windowLines / seconds));
    windowNanos = nowNanos;
    windowBytes = 0;
    windowLines = 0;
    return rate;
  }

  private void refill(long nowNanos) {
    double seconds = (nowNanos - lastNanos) / NANOS;
    lastNanos = nowNanos;
    bytes = Math.min((double) limit.burstBytes(), bytes + seconds * limit.bytesPerSecond());
    lines = Math.min((double) limit.burstLines(), lines + seconds * limit.linesPerSecond());
  }

  /** Bytes and lines a second. */
  record Rate(long bytes, long lines) {}
}
