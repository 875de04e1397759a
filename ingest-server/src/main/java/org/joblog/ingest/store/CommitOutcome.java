package org.joblog.ingest.store;

import java.util.Set;

/**
 * What became of a batch. Immutable.
 *
 * @param superseded keys of streams that another server owns now: nothing of them was written
 * @param quarantined keys of streams with lines that the database refused: those lines are in
 *     quarantine, everything else was written
 */
public record CommitOutcome(Set<Long> superseded, Set<Long> quarantined) {

  public CommitOutcome {
    superseded = Set.copyOf(superseded);
    quarantined = Set.copyOf(quarantined);
  }

  /** Everything was written. */
  public static final CommitOutcome ALL_WRITTEN = new CommitOutcome(Set.of(), Set.of());
}
