package org.joblog.ingest.batch;

/**
 * How a job ended. Immutable.
 *
 * @param atMicros when, microseconds since the epoch
 * @param exitCode 0 to 255, or -1 if a signal ended it or nobody knows
 * @param signal the number of the signal that ended it, or 0
 */
public record JobEnd(long atMicros, int exitCode, int signal) {}
