package org.joblog.shipper.link;

import java.util.random.RandomGenerator;

/**
 * Waits between attempts: doubling up to a limit, each multiplied by a random number from 0.5 to 1,
 * so that a cluster does not come back at once. Confined to the link's thread.
 */
final class Backoff {

  private final long firstMillis;
  private final long longestMillis;
  private final RandomGenerator random;
  private long nextMillis;

  Backoff(LinkLimits limits, RandomGenerator random) {
    firstMillis = limits.firstRetry().toMillis();
    longestMillis = limits.longestRetry().toMillis();
    this.random = random;
    nextMillis = firstMillis;
  }

  /** How long to wait now, in milliseconds. */
  long next() {
    long wait = nextMillis;
    nextMillis = Math.min(longestMillis, nextMillis * 2);
    return spread(wait);
  }

  /** How long to wait before another server is tried. */
  long first() {
    return spread(firstMillis);
  }

  /** How long to wait where the server has asked for a time. */
  long asked(long millis) {
    return spread(millis);
  }

  /** The server has committed something: the next failure is a first one again. */
  void reset() {
    nextMillis = firstMillis;
  }

  private long spread(long millis) {
    return millis / 2 + (long) (millis / 2.0 * random.nextDouble());
  }
}
