package org.joblog.ingest.viewing;

/** Counts what viewers are answered. Safe for use by many threads. */
public interface ViewingMeter {

  /** Counts nothing. */
  ViewingMeter NONE = _ -> {};

  /**
   * A request is answered, or its answer broke off.
   *
   * @param status of HTTP; 500 for an answer that broke off
   */
  void answered(int status);
}
