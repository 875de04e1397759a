package org.joblog.ingest.lane;

import java.util.Set;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.StreamIdentity;

/** What a lane asks of its writer. Immutable. */
sealed interface StoreTask {

  /** Find or create a job. */
  record OpenJob(Job job, JobFacts facts) implements StoreTask {}

  /** Find or create a stream. */
  record OpenStream(Session session, int stream, long jobKey, StreamIdentity identity)
      implements StoreTask {}

  /** The present modes of jobs. */
  record ReadModes(Set<Long> jobKeys) implements StoreTask {}

  /** Make a batch durable. */
  record Commit(Batch batch) implements StoreTask {}
}
