package org.joblog.ingest.net;

import java.util.HashMap;
import java.util.Map;

/**
 * One budget for all connections of a job, so that a job on many nodes takes no more memory than
 * one on a single node. Bounded by the number of connections. Safe for use by many threads.
 */
final class JobBudgets {

  private final long limitBytes;
  private final Map<String, Shared> byJob = new HashMap<>();

  JobBudgets(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** The job's budget; give it back by {@link #leave}. */
  synchronized Budget join(String job) {
    Shared shared = byJob.computeIfAbsent(job, _ -> new Shared(new Budget(limitBytes)));
    shared.users++;
    return shared.budget;
  }

  synchronized void leave(String job) {
    Shared shared = byJob.get(job);
    if (shared != null && --shared.users == 0) {
      byJob.remove(job);
    }
  }

  private static final class Shared {
    final Budget budget;
    int users;

    Shared(Budget budget) {
      this.budget = budget;
    }
  }
}
