package org.joblog.ingest.batch;

import java.util.List;

/**
 * All effects of one lane since its last commit: the store writes it in one transaction. Immutable,
 * handed over whole.
 *
 * @param jobs one entry per job with anything to write, each job once
 */
public record Batch(List<JobBatch> jobs) {

  public Batch {
    jobs = List.copyOf(jobs);
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return jobs.isEmpty();
  }
}
