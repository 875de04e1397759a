package org.joblog.ingest.lane;

import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StreamIdentity;

/** A store that a test may search. Confined to one thread. */
interface Shelf extends AutoCloseable {

  Store store();

  /** Everything that it holds, internal state too, as one text to search in. */
  String everything();

  /** What a viewer sees of a stream of job 1, line by line. */
  String log(StreamIdentity stream);

  @Override
  void close();
}
