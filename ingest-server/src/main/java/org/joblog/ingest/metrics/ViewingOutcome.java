package org.joblog.ingest.metrics;

/** What became of a viewer's request. */
public enum ViewingOutcome {
  /** It was answered. */
  SERVED,
  /** It was wrong, or not allowed. */
  REFUSED,
  /** It could not be answered: the database or MUNGE was away, or too much was asked at once. */
  FAILED
}
