package org.joblog.ingest.lane;

import java.time.Duration;
import org.joblog.ingest.batch.BatchLimits;

/**
 * Bounds of a lane. Immutable.
 *
 * @param throughput of one job
 * @param screenInterval how often a stream's screen is published while it changes
 * @param idleJob how long a job without connections stays in memory
 * @param streamsPerSession streams that one connection may carry: a node of 128 tasks has 256
 * @param noticesPerJob messages about commands that a job may cause at once, before only one in ten
 *     seconds is kept: a program that prints nothing but commands must not fill the memory, nor the
 *     database
 * @param messagesPerTurn frames that are taken before timers and batches get their turn
 * @param readyBatchBytes output at which a batch lies ready while another is being committed: some
 *     ten milliseconds of the database's work, beside which a commit itself costs little
 * @param batch of the batch floor
 */
public record LaneLimits(
    ThroughputLimit throughput,
    Duration screenInterval,
    Duration idleJob,
    int streamsPerSession,
    int noticesPerJob,
    int messagesPerTurn,
    long readyBatchBytes,
    BatchLimits batch) {

  public static final LaneLimits DEFAULT =
      new LaneLimits(
          ThroughputLimit.DEFAULT,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          512,
          1_000,
          256,
          4 << 20,
          BatchLimits.DEFAULT);
}
