package org.joblog.ingest.lane;

/** What a lane counts. The default counts nothing. Safe for use by many threads. */
public interface LaneMeter {

  /** Counts nothing. */
  LaneMeter NONE = new LaneMeter() {};

  /** A batch is durable. */
  default void committed(CommitFigures figures) {}

  /** The store could not take a batch or a question; it is asked again. */
  default void storeUnavailable() {}

  /** A job is slowed, or no longer slowed. */
  default void throttled(boolean slowed) {}

  /** A stream was opened, or closed. */
  default void streams(int change) {}

  /** A job came into memory, or left it. */
  default void jobs(int change) {}

  /**
   * What a commit did.
   *
   * @param nanos how long it took
   * @param bytes of output whose effects it made durable
   * @param lines written
   * @param records of metadata written
   * @param streams with anything to write
   */
  record CommitFigures(long nanos, long bytes, long lines, long records, int streams) {}
}
