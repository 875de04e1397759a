package org.joblog.workbench;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Lines of about 90 bytes as a training prints them: words that repeat, numbers that do not.
 * Confined to one thread.
 */
final class BenchmarkLines {

  private static final String[] LEVELS = {"INFO", "INFO", "INFO", "INFO", "DEBUG", "WARNING"};

  /** Made before anything is measured; more than fit into a chunk, so that none repeats in one. */
  private static final int LINES = 1 << 16;

  private final byte[][] lines = new byte[LINES][];
  private int next;

  BenchmarkLines() {
    SplittableRandom random = new SplittableRandom(42);
    for (int step = 0; step < LINES; step++) {
      lines[step] = line(random, step);
    }
  }

  /** The next line, without its end. */
  byte[] next() {
    return lines[next++ % LINES];
  }

  private static byte[] line(SplittableRandom random, int step) {
    return String.format(
            Locale.ROOT,
            "%02d:%02d:%02d,%03d %s trainer: step %d loss=%.5f lr=%.2e grad_norm=%.3f tokens/s=%d",
            step / 36_000 % 24,
            step / 600 % 60,
            step / 10 % 60,
            random.nextInt(1000),
            LEVELS[random.nextInt(LEVELS.length)],
            100_000 + step,
            random.nextDouble() * 3,
            random.nextDouble() / 1000,
            random.nextDouble() * 10,
            10_000 + random.nextInt(5_000))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
