package org.joblog.ingest.slurm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joblog.ingest.store.OpenRun;
import org.joblog.ingest.store.RunFacts;
import org.jspecify.annotations.Nullable;

/**
 * What Slurm's answer means for the runs that joblog knows. Immutable.
 *
 * @param known runs of which Slurm says something
 * @param missing keys of runs that it does not know any more
 */
record Reconciliation(List<RunFacts> known, List<Long> missing) {

  /** A job cannot start before it was submitted; clocks of nodes may differ by this. */
  private static final long CLOCKS_MICROS = 3_600_000_000L;

  /** Compares; of other jobs nothing is kept. */
  static Reconciliation of(List<OpenRun> runs, Map<String, SlurmJob> jobs) {
    List<RunFacts> known = new ArrayList<>();
    List<Long> missing = new ArrayList<>();
    for (OpenRun run : runs) {
      RunFacts facts = facts(run, jobs.get(run.job()));
      if (facts == null) {
        missing.add(run.jobKey());
      } else {
        known.add(facts);
      }
    }
    return new Reconciliation(known, missing);
  }

  private static @Nullable RunFacts facts(OpenRun run, @Nullable SlurmJob job) {
    if (job == null || job.uid() != run.uid() || job.restart() < run.restart()) {
      return null;
    }
    if (job.restart() > run.restart()) {
      return requeued(run, job);
    }
    // Ids come again: a job that was submitted after this run started is another one.
    Long submitted = job.submittedMicros();
    if (submitted != null && submitted > run.startedMicros() + CLOCKS_MICROS) {
      return null;
    }
    boolean over = job.isOver();
    return new RunFacts(
        run.jobKey(),
        job.state(),
        over,
        job.name(),
        job.partition(),
        job.nodes(),
        submitted,
        job.state().equals("PENDING") ? null : job.startedMicros(),
        over ? job.endedMicros() : null,
        over ? job.exitCode() : null,
        over ? job.signal() : null);
  }

  /** A later run followed. It was submitted again at the moment in which this one ended. */
  private static RunFacts requeued(OpenRun run, SlurmJob later) {
    return new RunFacts(
        run.jobKey(),
        "REQUEUED",
        true,
        null,
        "",
        "",
        null,
        null,
        later.submittedMicros(),
        null,
        null);
  }
}
