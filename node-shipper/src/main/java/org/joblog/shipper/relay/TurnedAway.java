package org.joblog.shipper.relay;

import java.util.concurrent.TimeUnit;
import org.joblog.shipper.link.Log;

/**
 * Relays that found no place: counted, and said once at the beginning and then once a minute, for
 * each comes again every few seconds. Times are {@link System#nanoTime} values. Safe for use by
 * many threads.
 */
final class TurnedAway {

  static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final int places;
  private final Log log;
  private long total;
  private long said;
  private long sayAgainAt;

  TurnedAway(int places, Log log) {
    this.places = places;
    this.log = log;
  }

  /** One more was sent away. */
  synchronized void count(long now) {
    total++;
    tell(now);
  }

  /** How many were sent away since the agent began. */
  synchronized long total() {
    return total;
  }

  /** Says what was not said yet, if it is time to. */
  synchronized void tell(long now) {
    if (total == said || (said > 0 && now - sayAgainAt < 0)) {
      return;
    }
    log.say(
        "relays: all "
            + places
            + " places are taken (expected: fewer captured steps on this node at one time); "
            + (total - said)
            + " connections of further relays were closed, "
            + total
            + " since the start; their jobs run on, and they come again");
    said = total;
    sayAgainAt = now + INTERVAL_NANOS;
  }
}
