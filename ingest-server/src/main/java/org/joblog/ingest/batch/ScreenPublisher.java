package org.joblog.ingest.batch;

/**
 * Remembers what the database holds of a stream's screen and says how little must be written to
 * make it true again. Confined to its lane's thread.
 */
public final class ScreenPublisher {

  private static final long[] NOTHING = {};

  private final BatchLimits limits;

  /** Number of the base's first line, and a hash of each of its lines. */
  private long baseFirstLine;

  private long[] base = NOTHING;

  /** Nothing is known of what the database holds: the first screen rewrites it whole. */
  public ScreenPublisher(BatchLimits limits) {
    this.limits = limits;
  }

  /**
   * The screen that makes viewers see the given lines from now on.
   *
   * @param lines all lines that are not in the scrollback
   */
  public Screen publish(LineBuffer lines) {
    if (lines.lines() == 0) {
      base = NOTHING;
      return Screen.EMPTY;
    }
    int known = Math.clamp(lines.firstLine() - baseFirstLine, 0, base.length);
    boolean continues = base.length > 0 && baseFirstLine + known == lines.firstLine();
    int same = continues ? samePrefix(lines, known) : 0;
    if (!continues || same == 0 || tailBytes(lines, same) > limits.screenTailBytes()) {
      return rewrite(lines);
    }
    int tail = lines.lines() - same;
    return new Screen(null, known + same, tail == 0 ? null : lines.chunk(same, lines.lines()));
  }

  private int samePrefix(LineBuffer lines, int known) {
    int most = Math.min(lines.lines(), base.length - known);
    int same = 0;
    while (same < most && lines.hash(same) == base[known + same]) {
      same++;
    }
    return same;
  }

  private static int tailBytes(LineBuffer lines, int from) {
    return from == lines.lines() ? 0 : lines.bytesFrom(from);
  }

  private Screen rewrite(LineBuffer lines) {
    baseFirstLine = lines.firstLine();
    base = new long[lines.lines()];
    for (int line = 0; line < base.length; line++) {
      base[line] = lines.hash(line);
    }
    return new Screen(lines.chunk(0, base.length), base.length, null);
  }
}
