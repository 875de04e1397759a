package org.joblog.ingest.store;

/**
 * When a batch that was begun ahead of its time may be finished: after the one before it, on which
 * it builds.
 */
@FunctionalInterface
public interface Turn {

  /**
   * Waits until the batch before is durable. Bounded: who waits holds locks in the database.
   *
   * @return false if that one has to be tried again or takes too long: what was begun is given up
   */
  boolean await();
}
