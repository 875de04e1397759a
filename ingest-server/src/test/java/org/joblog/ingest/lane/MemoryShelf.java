package org.joblog.ingest.lane;

import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StreamIdentity;

/** The model of the store, to be searched. Confined to one thread. */
final class MemoryShelf implements Shelf {

  private final MemoryStore store = new MemoryStore();

  @Override
  public Store store() {
    return store;
  }

  @Override
  public String everything() {
    return store.everything();
  }

  @Override
  public String log(StreamIdentity stream) {
    return String.join("\n", store.streams.get(stream).log());
  }

  @Override
  public void close() {}
}
