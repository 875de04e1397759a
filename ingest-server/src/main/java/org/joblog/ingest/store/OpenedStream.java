package org.joblog.ingest.store;

import org.jspecify.annotations.Nullable;

/**
 * A stream as the database knows it, owned by the caller from now on. Immutable.
 *
 * @param streamKey its key
 * @param owner the fencing token to commit with
 * @param offset bytes whose effects are stored: the sender goes on here
 * @param checkpoint the last stored state, or null if there is none
 * @param journal the bytes to feed to the restored checkpoint to arrive at {@code offset}
 * @param scrollbackEnd number of lines in the scrollback
 * @param ended whether the stream has ended
 */
public record OpenedStream(
    long streamKey,
    long owner,
    long offset,
    byte @Nullable [] checkpoint,
    byte[] journal,
    long scrollbackEnd,
    boolean ended) {}
