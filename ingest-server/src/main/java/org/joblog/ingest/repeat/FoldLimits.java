package org.joblog.ingest.repeat;

/**
 * Bounds of one fold. Immutable.
 *
 * @param blockLines longest block of lines whose repetition is seen; 8 covers warnings with their
 *     source line and the stack of a small error
 * @param blockBytes longest text of such a block, so that a fold stays small whatever is printed; a
 *     single line is compared whole whatever its length
 */
public record FoldLimits(int blockLines, int blockBytes) {

  /** What the server uses. */
  public static final FoldLimits DEFAULTS = new FoldLimits(8, 8 << 10);

  /** Checks the bounds. */
  public FoldLimits {
    if (blockLines < 1 || blockLines > 63) {
      throw new IllegalArgumentException("block lines: " + blockLines + " (expected: 1 to 63)");
    }
  }
}
