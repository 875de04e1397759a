package org.joblog.ingest.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import org.joblog.ingest.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Hands out tokens: a writer's next one for a new batch, the same one for a batch whose fate is
 * uncertain. There are as many writers as commits at the same time, and at most one uncertain batch
 * for each. Safe for use by many threads.
 */
final class CommitTokens {

  private final Deque<CommitToken> idle = new ArrayDeque<>();
  private final IdentityHashMap<Batch, CommitToken> uncertain = new IdentityHashMap<>();

  synchronized CommitToken take(Batch batch) {
    @Nullable CommitToken known = uncertain.remove(batch);
    if (known != null) {
      return known;
    }
    return idle.isEmpty() ? CommitToken.first() : idle.pop();
  }

  /** The token's batch is written: its writer is free for another. */
  synchronized void committed(CommitToken token) {
    idle.push(token.next());
  }

  /** Nothing was written with the token. */
  synchronized void unused(CommitToken token) {
    idle.push(token);
  }

  /** Nobody knows yet whether the batch is written. */
  synchronized void uncertain(Batch batch, CommitToken token) {
    uncertain.put(batch, token);
  }
}
