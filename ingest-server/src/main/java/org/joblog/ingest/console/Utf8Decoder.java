package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Decodes UTF-8 byte by byte; each maximal part of an invalid sequence becomes one U+FFFD, as the
 * WHATWG standard says. Confined to its lane's thread.
 */
final class Utf8Decoder {

  static final int REPLACEMENT = 0xFFFD;

  /** The character is not complete. */
  static final int PENDING = -1;

  private int codePoint;
  private int missing;
  private int lower = 0x80;
  private int upper = 0xBF;
  private boolean again;

  /** Whether no character is half read. */
  boolean isEmpty() {
    return missing == 0;
  }

  /** Whether the byte taken last ended a broken character, and must be given once more. */
  boolean again() {
    return again;
  }

  void clear() {
    missing = 0;
    lower = 0x80;
    upper = 0xBF;
    again = false;
  }

  /** Takes a byte and returns a code point or {@link #PENDING}. */
  int feed(byte b) {
    int value = b & 0xFF;
    again = false;
    if (missing == 0) {
      return value < 0x80 ? value : begin(value);
    }
    if (value < lower || value > upper) {
      clear();
      again = true;
      return REPLACEMENT;
    }
    lower = 0x80;
    upper = 0xBF;
    codePoint = (codePoint << 6) | (value & 0x3F);
    return --missing == 0 ? codePoint : PENDING;
  }

  private int begin(int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      missing = 1;
      codePoint = lead & 0x1F;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      missing = 2;
      codePoint = lead & 0x0F;
      lower = lead == 0xE0 ? 0xA0 : 0x80;
      upper = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      missing = 3;
      codePoint = lead & 0x07;
      lower = lead == 0xF0 ? 0x90 : 0x80;
      upper = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
      return REPLACEMENT;
    }
    return PENDING;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeByte(missing);
    out.writeInt(missing == 0 ? 0 : codePoint);
    out.writeByte(lower);
    out.writeByte(upper);
  }

  void readFrom(DataInput in) throws IOException {
    missing = in.readUnsignedByte();
    codePoint = in.readInt();
    lower = in.readUnsignedByte();
    upper = in.readUnsignedByte();
  }
}
