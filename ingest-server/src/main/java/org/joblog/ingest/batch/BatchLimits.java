package org.joblog.ingest.batch;

/**
 * Bounds of the batch floor. Immutable.
 *
 * @param chunkBytes text at which a chunk is full: at 16 KiB the store was fastest (7 times a row
 *     per line), at 64 KiB 6 percent slower
 * @param chunkLines lines at which a chunk is full: many short lines would make reading one slow
 * @param screenTailBytes text of a screen's tail above which its base is rewritten: small enough to
 *     stay inside the row, where an update costs little
 * @param journalBytes bytes that are kept as a journal before a whole checkpoint is written: less
 *     than a usual checkpoint, and quickly replayed
 */
public record BatchLimits(int chunkBytes, int chunkLines, int screenTailBytes, int journalBytes) {

  public static final BatchLimits DEFAULT = new BatchLimits(16 * 1024, 2_000, 1_500, 1_024);
}
