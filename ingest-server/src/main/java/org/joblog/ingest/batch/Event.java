package org.joblog.ingest.batch;

/**
 * Something that happened to a job or one of its streams and that its dashboard shows. Immutable.
 *
 * @param atMicros when, microseconds since the epoch
 * @param streamKey the stream in which it happened, or 0 for the job as a whole
 * @param afterLine how many lines the stream had by then: the place of the event in the log
 * @param kind what happened
 * @param message in words, for the user; never text of the job
 * @param details one JSON object with the figures
 */
public record Event(
    long atMicros,
    long streamKey,
    long afterLine,
    EventKind kind,
    String message,
    String details) {}
