package org.joblog.ingest.console;

/** Characters of valid UTF-8, one at a time. Immutable. */
final class Utf8 {

  /** Most bytes of one character. */
  static final int MAX_BYTES = 4;

  private Utf8() {}

  /** Writes a code point and returns the index after it. */
  static int encode(int codePoint, byte[] out, int at) {
    if (codePoint < 0x80) {
      out[at] = (byte) codePoint;
      return at + 1;
    }
    if (codePoint < 0x800) {
      out[at] = (byte) (0xC0 | (codePoint >> 6));
      out[at + 1] = (byte) (0x80 | (codePoint & 0x3F));
      return at + 2;
    }
    if (codePoint < 0x10000) {
      out[at] = (byte) (0xE0 | (codePoint >> 12));
      out[at + 1] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      out[at + 2] = (byte) (0x80 | (codePoint & 0x3F));
      return at + 3;
    }
    out[at] = (byte) (0xF0 | (codePoint >> 18));
    out[at + 1] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
    out[at + 2] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    out[at + 3] = (byte) (0x80 | (codePoint & 0x3F));
    return at + 4;
  }

  /** The code point at an index of valid UTF-8. */
  static int decode(byte[] bytes, int at) {
    int lead = bytes[at];
    return switch (length(bytes[at])) {
      case 1 -> lead;
      case 2 -> ((lead & 0x1F) << 6) | tail(bytes, at + 1);
      case 3 -> ((lead & 0x0F) << 12) | (tail(bytes, at + 1) << 6) | tail(bytes, at + 2);
      default ->
          ((lead & 0x07) << 18)
              | (tail(bytes, at + 1) << 12)
              | (tail(bytes, at + 2) << 6)
              | tail(bytes, at + 3);
    };
  }

  private static int tail(byte[] bytes, int at) {
    return bytes[at] & 0x3F;
  }

  /** Bytes of the character that begins with this byte, 1 to 4. */
  static int length(byte lead) {
    if (lead >= 0) {
      return 1;
    }
    return lead < (byte) 0xE0 ? 2 : lead < (byte) 0xF0 ? 3 : 4;
  }

  /** Bytes of a code point, 1 to 4. */
  static int length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /** The last index not after {@code at} at which a character begins or the text ends. */
  static int boundary(byte[] bytes, int from, int at, int to) {
    int index = at;
    while (index > from && index < to && (bytes[index] & 0xC0) == 0x80) {
      index--;
    }
    return index;
  }

  /** Columns that valid text takes. */
  static int columns(byte[] bytes, int from, int to) {
    int columns = 0;
    for (int i = from; i < to; i += length(bytes[i])) {
      columns += bytes[i] >= 0 ? 1 : Widths.of(decode(bytes, i));
    }
    return columns;
  }
}
