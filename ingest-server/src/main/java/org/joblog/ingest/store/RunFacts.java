package org.joblog.ingest.store;

import org.jspecify.annotations.Nullable;

/**
 * What Slurm says of a run. Immutable.
 *
 * @param jobKey the run
 * @param state Slurm's word
 * @param isFinal whether the run is over
 * @param name the job's name, null to leave it as it is
 * @param partition where it runs
 * @param nodes its nodes as Slurm writes them, {@code n[1-2]}
 * @param submittedMicros when it was submitted, microseconds since the epoch, if known
 * @param startedMicros when it started, if known
 * @param endedMicros when it ended, if it did
 * @param exitCode 0 to 255, or -1 if a signal ended it; null while it runs
 * @param signal the signal that ended it, or 0; null while it runs
 */
public record RunFacts(
    long jobKey,
    String state,
    boolean isFinal,
    @Nullable String name,
    String partition,
    String nodes,
    @Nullable Long submittedMicros,
    @Nullable Long startedMicros,
    @Nullable Long endedMicros,
    @Nullable Integer exitCode,
    @Nullable Integer signal) {}
