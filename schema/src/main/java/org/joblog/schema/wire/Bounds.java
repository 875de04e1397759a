package org.joblog.schema.wire;

import java.nio.charset.StandardCharsets;

/**
 * The checks that every frame makes of itself when it is built, so that a frame that exists is
 * valid on either side of the wire. Each throws an {@link IllegalArgumentException} that names the
 * field, the value and the expectation, and never quotes text. Safe for use by many threads.
 */
final class Bounds {

  private Bounds() {}

  static void range(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          field + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  static void stream(int stream) {
    range("stream", stream, 0, WireLimits.MAX_STREAM);
  }

  static void offset(String field, long offset) {
    range(field, offset, 0, Long.MAX_VALUE);
  }

  static void micros(String field, long micros) {
    range(field, micros, 0, WireLimits.MAX_MICROS);
  }

  static void length(String field, byte[] bytes, int min, int max) {
    range(field + " length", bytes.length, min, max);
  }

  /** An identifier: 1 to {@code max} characters of {@code A-Z a-z 0-9 _ . + -}. */
  static void identifier(String field, String value, int max) {
    range(field + " length", value.length(), 1, max);
    for (int i = 0; i < value.length(); i++) {
      if (!isIdentifierPart(value.charAt(i))) {
        throw unexpected(field, value.charAt(i), i, "A-Z a-z 0-9 _ . + -");
      }
    }
  }

  /** A text of {@code min} to {@code max} bytes of UTF-8 without control characters. */
  static void text(String field, String value, int min, int max) {
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      if (Character.isISOControl(point) || isSurrogate(point)) {
        throw unexpected(field, point, i, "no control character, no lone surrogate");
      }
      i += Character.charCount(point);
    }
    range(field + " bytes", value.getBytes(StandardCharsets.UTF_8).length, min, max);
  }

  private static boolean isIdentifierPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '+'
        || c == '-';
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  private static IllegalArgumentException unexpected(
      String field, int point, int index, String expected) {
    return new IllegalArgumentException(
        String.format("%s: U+%04X at %d (expected: %s)", field, point, index, expected));
  }
}
