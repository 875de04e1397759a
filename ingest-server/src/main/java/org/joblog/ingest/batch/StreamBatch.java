package org.joblog.ingest.batch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The effects on one stream, and the state that is needed to go on from its offset. Immutable; the
 * arrays are handed over and not touched again.
 *
 * @param streamKey the stream's key in the database
 * @param owner the fencing token under which this server opened the stream: if another server
 *     opened it since, nothing of this entry is written
 * @param offset bytes of the stream whose effects are in the database after this commit, from 0
 * @param checkpoint the state at some offset at or before {@code offset}, or null if the stored one
 *     stays
 * @param journal the bytes to feed to the restored checkpoint to arrive at {@code offset}; opaque
 *     to the store
 * @param scrollbackEnd number of lines in the scrollback after this commit: the screen counts from
 *     there on
 * @param chunks lines that have become final, in order; the first begins where the scrollback ended
 * @param screen the lines that can still change, or null if what viewers see of them stays
 * @param bytes bytes of the stream received so far
 * @param ended whether this is the end of the stream
 */
public record StreamBatch(
    long streamKey,
    long owner,
    long offset,
    byte @Nullable [] checkpoint,
    byte[] journal,
    long scrollbackEnd,
    List<Chunk> chunks,
    @Nullable Screen screen,
    long bytes,
    boolean ended) {

  public StreamBatch {
    chunks = List.copyOf(chunks);
  }
}
