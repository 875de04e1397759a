package org.joblog.ingest.config;

import java.time.Duration;

/** How long jobs are kept. Immutable. */
public record RetentionConfig(
    @Setting(
            doc =
                "Age at which output, metadata and events are deleted. The tables are cut by"
                    + " weeks, and a week goes when all of it is older than this; 0d keeps"
                    + " everything for ever.",
            byDefault = "90d",
            min = "0d",
            max = "36500d")
        Duration keep,
    @Setting(
            doc =
                "How many weeks ahead the tables are made: how long the server can go on if it"
                    + " cannot make tables.",
            byDefault = "4",
            min = "1",
            max = "52")
        int weeksAhead) {

  private static final Duration SHORTEST = Duration.ofDays(1);

  /** Checks what belongs together. */
  public RetentionConfig {
    if (!keep.isZero() && keep.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "keep: %s (expected: 0d or >= 1d)".formatted(Span.format(keep)));
    }
  }
}
