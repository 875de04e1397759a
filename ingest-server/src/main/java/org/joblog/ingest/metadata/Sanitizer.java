package org.joblog.ingest.metadata;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Replaces what PostgreSQL's text cannot hold: NUL, and halves of surrogate pairs. */
final class Sanitizer {

  private static final char REPLACEMENT = '\uFFFD';

  /** Escapes of a JSON text: in the first group what is whole, else half a surrogate pair. */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "(\\\\[^u]|\\\\u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2})"
              + "|\\\\u[dD][89a-fA-F]\\p{XDigit}{2}");

  private Sanitizer() {}

  /** A JSON text with U+FFFD for each escape that is half a surrogate pair. */
  static String cleanEscapes(String json) {
    return json.contains("\\ud") || json.contains("\\uD")
        ? ESCAPES.matcher(json).replaceAll(Sanitizer::cleanEscape)
        : json;
  }

  private static String cleanEscape(MatchResult escape) {
    return escape.group(1) == null ? String.valueOf(REPLACEMENT) : "$1";
  }

  /** The text itself if nothing is wrong with it, else a copy with U+FFFD for each wrong char. */
  static String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return rebuilt(text, i);
      }
    }
    return text;
  }

  private static String rebuilt(String text, int from) {
    StringBuilder clean = new StringBuilder(text.length()).append(text, 0, from);
    int i = from;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      boolean wrong = codePoint == 0 || Character.getType(codePoint) == Character.SURROGATE;
      clean.appendCodePoint(wrong ? REPLACEMENT : codePoint);
      i += Character.charCount(codePoint);
    }
    return clean.toString();
  }

  /** At most so many chars of a clean text, never half a surrogate pair; cut text ends in “…”. */
  static String cut(String text, int characters) {
    if (text.length() <= characters) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
    return text.substring(0, end) + "…";
  }
}
