package org.joblog.ingest.stream;

/**
 * Joins the chunks of one stream by their offsets, so that every byte has its effect exactly once:
 * what came before is trimmed, what is missing must be named. Confined to its lane's thread.
 */
public final class Joiner {

  private long next;

  /**
   * A stream that goes on.
   *
   * @param next offset of the first byte that is still to come, from 0
   */
  public Joiner(long next) {
    this.next = next;
  }

  /** Offset of the first byte that is still to come. */
  public long next() {
    return next;
  }

  /**
   * How many bytes at the beginning of a chunk have come before.
   *
   * @param offset of the chunk's first byte
   * @param length of the chunk, from 1
   * @return 0 to {@code length}
   */
  public int overlap(long offset, int length) {
    return Math.clamp(next - offset, 0, length);
  }

  /** Whether bytes before a chunk that begins at this offset are missing. */
  public boolean misses(long offset) {
    return offset > next;
  }

  /**
   * The stream has come this far.
   *
   * @param to offset after the last byte; an earlier one than known changes nothing
   */
  public void advance(long to) {
    next = Math.max(next, to);
  }
}
