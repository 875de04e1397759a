package org.joblog.ingest.store;

/**
 * Names from outside in a form that the database takes: no NUL, no half characters, bounded.
 * Immutable.
 */
final class CleanText {

  /** Longer than any host name (253) or user name (256 on common systems). */
  static final int NAME_LENGTH = 256;

  private CleanText() {}

  /** The text without NUL, lone surrogates replaced by U+FFFD, at most so many characters of it. */
  static String of(String text, int maxLength) {
    return text.codePoints()
        .filter(character -> character != 0)
        .map(character -> isSurrogate(character) ? 0xfffd : character)
        .limit(maxLength)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isSurrogate(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }
}
