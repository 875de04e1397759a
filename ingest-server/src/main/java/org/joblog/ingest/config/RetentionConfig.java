package org.joblog.ingest.config;

import java.time.Duration;

/** How long jobs are kept. Immutable. */
public record RetentionConfig(
    @Setting(
            doc =
                "Age at which output and metadata are deleted, whole partitions at a time; 0d"
                    + " keeps them for ever.",
            byDefault = "90d",
            min = "0d",
            max = "36500d")
        Duration keep,
    @Setting(
            doc = "Time that one partition of the tables holds.",
            byDefault = "7d",
            min = "1d",
            max = "366d")
        Duration partition,
    @Setting(
            doc = "How far ahead partitions are made.",
            byDefault = "14d",
            min = "1d",
            max = "366d")
        Duration ahead) {

  /** Checks what belongs together. */
  public RetentionConfig {
    if (!keep.isZero() && keep.compareTo(partition) < 0) {
      throw new IllegalArgumentException(
          "keep: %s (expected: 0d or >= partition, which is %s)"
              .formatted(Span.format(keep), Span.format(partition)));
    }
  }
}
