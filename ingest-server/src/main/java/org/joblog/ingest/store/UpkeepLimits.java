package org.joblog.ingest.store;

import java.time.Duration;

/**
 * Bounds of one run of upkeep. Immutable.
 *
 * @param retention how long output is kept at least, from a day on; whole weeks are dropped, so it
 *     stays up to a week longer; zero: for ever
 * @param weeksAhead weeks for which partitions exist: so long may upkeep fail before a commit has
 *     to create one
 * @param compactionQuiet how long a stream has been quiet before its small chunks are joined: what
 *     still grows would be joined again and again
 * @param compactionStreams streams that one run looks at
 * @param compactionBytes text that one run writes: a second of work or two
 * @param removedJobs jobs that one run removes
 */
public record UpkeepLimits(
    Duration retention,
    int weeksAhead,
    Duration compactionQuiet,
    int compactionStreams,
    long compactionBytes,
    int removedJobs) {

  public static final UpkeepLimits DEFAULT =
      new UpkeepLimits(Duration.ofDays(90), 4, Duration.ofMinutes(10), 200, 32L << 20, 500);

  /** The same with another retention. */
  public UpkeepLimits withRetention(Duration retention) {
    return new UpkeepLimits(
        retention, weeksAhead, compactionQuiet, compactionStreams, compactionBytes, removedJobs);
  }

  /** The same with partitions for another number of weeks ahead. */
  public UpkeepLimits withWeeksAhead(int weeksAhead) {
    return new UpkeepLimits(
        retention, weeksAhead, compactionQuiet, compactionStreams, compactionBytes, removedJobs);
  }

  /** The same with another time of quiet before compaction. */
  public UpkeepLimits withCompactionQuiet(Duration compactionQuiet) {
    return new UpkeepLimits(
        retention, weeksAhead, compactionQuiet, compactionStreams, compactionBytes, removedJobs);
  }
}
