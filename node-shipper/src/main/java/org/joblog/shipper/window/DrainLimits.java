package org.joblog.shipper.window;

import java.time.Duration;

/**
 * How long the end of a job waits for the server. Immutable.
 *
 * @param undecided as long as the first attempt to reach the server may take
 * @param withoutProgress since the last acknowledgement, where the server has ever answered
 * @param total in all, whatever happens
 */
public record DrainLimits(Duration undecided, Duration withoutProgress, Duration total) {

  /** As documented for users. */
  public static final DrainLimits DEFAULTS =
      new DrainLimits(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(60));

  public DrainLimits withoutProgress(Duration patience) {
    return new DrainLimits(undecided, patience, patience.compareTo(total) > 0 ? patience : total);
  }

  /** How long to wait for the next sign of progress. */
  Duration patience(Reach reach, boolean everAlive) {
    return switch (reach) {
      case UNDECIDED -> undecided;
      case ALIVE -> withoutProgress;
      case AWAY -> everAlive ? withoutProgress : Duration.ZERO;
      case REFUSED -> Duration.ZERO;
    };
  }
}
