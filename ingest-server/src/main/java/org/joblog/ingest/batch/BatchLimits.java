package org.joblog.ingest.batch;

/**
 * Bounds of the batch floor. Immutable.
 *
 * @param chunkBytes text that is worth a chunk of its own at a commit: less waits on the screen,
 *     whose rewriting costs the more the larger it is
 * @param longestChunkBytes text at which a chunk is full between two commits: what is printed so
 *     quickly takes 34 bytes a line in chunks of 64 KiB and 39 in chunks of 16 KiB
 * @param chunkLines lines at which a chunk is full: many short lines would make reading one slow
 * @param screenTailBytes text of a screen's tail above which its base is rewritten: small enough to
 *     stay inside the row, where an update costs little
 * @param journalBytes bytes that are kept as a journal before a whole checkpoint is written: less
 *     than a usual checkpoint, and quickly replayed
 */
public record BatchLimits(
    int chunkBytes, int longestChunkBytes, int chunkLines, int screenTailBytes, int journalBytes) {

  public static final BatchLimits DEFAULT =
      new BatchLimits(16 * 1024, 64 * 1024, 2_000, 1_500, 1_024);
}
