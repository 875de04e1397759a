package org.joblog.ingest.store;

import java.util.List;

/**
 * The runs that Slurm is to be asked about. Immutable.
 *
 * @param atMicros when they were read, by the clock of the database: an answer of Slurm that was
 *     asked for afterwards is at least as new
 * @param runs at most {@link FactsTable#MAX_RUNS}, those that wait longest first
 */
public record OpenRuns(long atMicros, List<OpenRun> runs) {

  /** Copies the list. */
  public OpenRuns {
    runs = List.copyOf(runs);
  }
}
