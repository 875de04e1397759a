package org.joblog.ingest.store;

/**
 * A run of a job whose end Slurm has not told yet. Immutable.
 *
 * @param jobKey its key
 * @param job its id as users know it, for an array task {@code 123_4}
 * @param restart how often the job had been requeued
 * @param uid numeric id of its owner
 * @param startedMicros when it started, microseconds since the epoch
 */
public record OpenRun(long jobKey, String job, int restart, long uid, long startedMicros) {}
