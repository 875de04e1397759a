package org.joblog.shipper.link;

import java.time.Duration;

/**
 * Times and sizes of the connection. Immutable.
 *
 * @param greeting how long each step until the welcome may take, PROTOCOL.md
 * @param firstRetry the wait after the first failure
 * @param longestRetry the wait that doubling ends at
 * @param payloadBytes most bytes of output in one frame: a few pipes' worth, so that frames are
 *     cheap, and small enough that streams take turns
 */
public record LinkLimits(
    Duration greeting, Duration firstRetry, Duration longestRetry, int payloadBytes) {

  /** As PROTOCOL.md says. */
  public static final LinkLimits DEFAULTS =
      new LinkLimits(
          Duration.ofSeconds(10), Duration.ofMillis(250), Duration.ofSeconds(30), 128 << 10);

  /** For many jobs at once: smaller buffers. */
  public static final LinkLimits OF_AN_AGENT =
      new LinkLimits(
          Duration.ofSeconds(10), Duration.ofMillis(250), Duration.ofSeconds(30), 32 << 10);
}
