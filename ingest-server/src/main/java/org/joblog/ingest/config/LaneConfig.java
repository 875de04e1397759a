package org.joblog.ingest.config;

import java.time.Duration;

/** The threads that do the work. Immutable. */
public record LaneConfig(
    @Setting(
            doc =
                "Lanes: each has a thread that renders and a thread that commits, and one database"
                    + " connection. 0 takes one per processor, at most 8.",
            byDefault = "0",
            min = "0",
            max = "64")
        int count,
    @Setting(
            doc = "How often the screen of a stream that changes is published to viewers.",
            byDefault = "1s",
            min = "100ms",
            max = "1m")
        Duration screenInterval,
    @Setting(
            doc =
                "How long a stop may take to commit what has been received. What is left then is"
                    + " not lost: shippers send it again.",
            byDefault = "20s",
            min = "1s",
            max = "10m")
        Duration shutdownTimeout) {

  /** The number of lanes on a machine with so many processors. */
  public int lanesOn(int processors) {
    return count == 0 ? Math.clamp(processors, 1, 8) : count;
  }
}
