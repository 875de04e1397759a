package org.joblog.shipper.link;

/**
 * When a side that has nothing to say must say that it lives. All connections of a process beat at
 * the same moments, multiples of half an interval: a node with a hundred quiet jobs wakes up once,
 * and not a hundred times. Immutable.
 *
 * @param intervalNanos the longest silence that is allowed, at least 2 ns
 */
public record Beat(long intervalNanos) {

  /**
   * The moment of the next beat, in the same time.
   *
   * @param saidAt when something was said last, in ns of any clock that all connections share
   * @return more than half an interval later, and a whole one at most
   */
  public long after(long saidAt) {
    long step = intervalNanos / 2;
    return Math.floorDiv(saidAt + 2 * step, step) * step;
  }
}
