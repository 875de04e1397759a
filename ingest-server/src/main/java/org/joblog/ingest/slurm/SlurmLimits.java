package org.joblog.ingest.slurm;

import java.time.Duration;

/**
 * Bounds on what squeue may take. Immutable.
 *
 * @param deadline how long it may run: it waits for slurmctld much shorter by itself
 *     (MessageTimeout, 10 s)
 * @param outputChars how much it may print: a million jobs
 * @param fieldChars the longest field; Slurm bounds names far below
 */
public record SlurmLimits(Duration deadline, long outputChars, int fieldChars) {

  public static final SlurmLimits DEFAULT =
      new SlurmLimits(Duration.ofSeconds(30), 512L << 20, 65_536);
}
