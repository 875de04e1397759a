package org.joblog.schema.options;

import java.util.Locale;
import java.util.Optional;

/** What of a job's output is stored. The name in lower case is what users write. Immutable. */
public enum Mode {
  /** Every line, and the metadata found in them. */
  ENABLED,
  /** Extracted metadata only; no text. */
  METADATA,
  /** Command lines only. */
  DISABLED;

  /** Whether text printed in this mode is stored. */
  public boolean storesText() {
    return this == ENABLED;
  }

  /** Whether metadata printed in this mode is stored. */
  public boolean storesMetadata() {
    return this != DISABLED;
  }

  /** The word that users write for this mode. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode that a user's word names; the words are exact, in lower case. */
  public static Optional<Mode> ofWord(String word) {
    return switch (word) {
      case "enabled" -> Optional.of(ENABLED);
      case "metadata" -> Optional.of(METADATA);
      case "disabled" -> Optional.of(DISABLED);
      default -> Optional.empty();
    };
  }
}
