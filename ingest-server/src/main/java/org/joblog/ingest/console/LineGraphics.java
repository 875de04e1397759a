package org.joblog.ingest.console;

/** DEC's special graphics: what frames are drawn with where UTF-8 is not trusted. Immutable. */
final class LineGraphics {

  private static final int FIRST = '_';
  private static final String GLYPHS = " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

  private LineGraphics() {}

  /** The glyph for a code point; itself if it has none. */
  static int of(int codePoint) {
    int index = codePoint - FIRST;
    return index >= 0 && index < GLYPHS.length() ? GLYPHS.charAt(index) : codePoint;
  }
}
