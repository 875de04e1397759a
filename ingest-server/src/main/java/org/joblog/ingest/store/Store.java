package org.joblog.ingest.store;

import java.util.Collection;
import java.util.Map;
import org.joblog.ingest.batch.Batch;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;

/**
 * Where jobs are kept. Every call blocks; each thread may use its own connection. Safe for use by
 * many threads.
 *
 * <p>Errors are of two kinds: {@link StoreUnavailable} means that nothing was written and the same
 * call may succeed later (connection lost, serialization failure, disk full, shutdown); everything
 * else that a call throws is a bug. Values that the database refuses are not an error of a commit:
 * they go to quarantine, alone.
 */
public interface Store extends AutoCloseable {

  /**
   * Finds the job, or creates it with the given options if this is its first greeting.
   *
   * @throws StoreUnavailable if the database cannot answer now
   */
  OpenedJob openJob(JobFacts facts) throws StoreUnavailable;

  /**
   * Finds or creates a stream and takes its ownership: commits of an earlier owner write nothing
   * from now on.
   *
   * @throws StoreUnavailable if the database cannot answer now
   */
  OpenedStream openStream(long jobKey, StreamIdentity identity) throws StoreUnavailable;

  /**
   * Writes a batch in one transaction and returns when it is durable.
   *
   * @throws StoreUnavailable if the database cannot take it now; nothing of it was written, or all
   *     of it was and the connection broke before the answer: committing the same batch again is
   *     right in both cases, because offsets only move forward
   */
  CommitOutcome commit(Batch batch) throws StoreUnavailable;

  /**
   * Begins to write a batch before the one it builds on is durable, and commits it when its turn
   * has come. So the database works on two batches of a flood at once, and their commits keep their
   * order.
   *
   * @return null if nothing was written, because the turn did not come or because the batch needs
   *     care; then {@link #commit} is right when its turn has come
   * @throws StoreUnavailable as in {@link #commit}
   */
  @Nullable CommitOutcome commitAhead(Batch batch, Turn turn) throws StoreUnavailable;

  /**
   * The present modes of jobs; those that are no longer there are left out.
   *
   * @throws StoreUnavailable if the database cannot answer now
   */
  Map<Long, Mode> modes(Collection<Long> jobKeys) throws StoreUnavailable;

  @Override
  void close();
}
