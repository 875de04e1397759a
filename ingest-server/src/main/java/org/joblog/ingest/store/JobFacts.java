package org.joblog.ingest.store;

import org.joblog.schema.options.JobOptions;

/**
 * What a greeting tells of a job. Immutable.
 *
 * @param cluster name of the cluster
 * @param job id of the job as users know it, for an array task {@code 123_4}
 * @param restart how often the job was requeued, from 0
 * @param user name of its owner
 * @param uid numeric id of its owner
 * @param name the job's name, may be empty
 * @param startedMicros when it started, microseconds since the epoch
 * @param options what its .logoptin says; used only by the first greeting of the job
 */
public record JobFacts(
    String cluster,
    String job,
    int restart,
    String user,
    long uid,
    String name,
    long startedMicros,
    JobOptions options) {

  /** The same job with other options. */
  public JobFacts with(JobOptions other) {
    return new JobFacts(cluster, job, restart, user, uid, name, startedMicros, other);
  }
}
