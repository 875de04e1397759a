package org.joblog.ingest.metrics;

/**
 * What is measured when somebody asks, rather than counted when it happens. Answers come from any
 * thread and at once: nothing here may wait.
 */
public interface Readings {

  /** Age of the received byte that waits longest for its commit, seconds; 0 if none waits. */
  double oldestUncommittedSeconds();

  /** Bytes that are received and not yet committed. */
  long queueBytes();

  /** Bytes that may be received and not yet committed before senders wait. */
  long queueLimitBytes();

  /** Direct memory that the network's allocator holds, bytes. */
  long directMemoryUsedBytes();

  /** Direct memory that is in use by buffers right now, bytes. */
  long directMemoryPinnedBytes();

  /** Whether the database answered last time. */
  boolean databaseReachable();
}
