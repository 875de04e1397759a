package org.joblog.ingest.batch;

import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream that can still change, as a viewer sees them: the first {@code keep} lines
 * of the base, then the tail. A stream that only appends rewrites its small tail, not its base.
 * Immutable.
 *
 * @param base lines from its own first line number on, or null if the stored base stays
 * @param keep how many lines of the base are still true, from 0
 * @param tail the lines after them, or null if there are none; its first line number continues the
 *     kept part of the base
 */
public record Screen(@Nullable Chunk base, int keep, @Nullable Chunk tail) {

  /** No line can still change. */
  public static final Screen EMPTY = new Screen(null, 0, null);
}
