package org.joblog.ingest.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Finds the name that somebody probably meant. */
final class Suggestion {

  private Suggestion() {}

  /** The known name that is closest to the written one, if it is close: a third of its letters. */
  static Optional<String> closest(String written, Set<String> known) {
    int close = Math.max(1, written.length() / 3);
    return known.stream()
        .filter(name -> distance(written, name) <= close)
        .min(
            Comparator.comparingInt((String name) -> distance(written, name))
                .thenComparing(n -> n));
  }

  /** How many letters must be changed, added or taken away (Levenshtein). */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
