package org.joblog.ingest.console;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds runs of plain text: printable characters in valid UTF-8, each one or two columns wide.
 * Nearly all bytes of nearly all streams pass here and nowhere else, so eight are looked at at
 * once. Confined to its lane's thread.
 */
final class TextScanner {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long SPACES = ONES * ' ';

  private int columns;

  /** Columns of the run that was found last. */
  int columns() {
    return columns;
  }

  /** The end of the run that begins at {@code from}; {@code from} itself if none does. */
  int scan(byte[] bytes, int from, int to) {
    int i = ascii(bytes, from, to);
    columns = i - from;
    while (i < to && bytes[i] < 0) {
      int codePoint = decodeStrictly(bytes, i, to);
      int width = codePoint < 0xA0 ? 0 : Widths.of(codePoint);
      if (width == 0) {
        return i;
      }
      columns += width;
      i += Utf8.length(bytes[i]);
      int next = ascii(bytes, i, to);
      columns += next - i;
      i = next;
    }
    return i;
  }

  /** The first byte that is not printable ASCII: below space, 0x7F, or above. */
  private static int ascii(byte[] bytes, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, i);
      // A byte's high bit says: below space, 0x7F, or above. Exact up to the first hit, which is
      // all that is asked: borrows and carries only run upwards.
      long hits = ((eight - SPACES) | (eight + ONES) | eight) & HIGH_BITS;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    while (i < to && bytes[i] >= ' ' && bytes[i] != 0x7F) {
      i++;
    }
    return i;
  }

  /** The code point of a whole, valid character, or -1. */
  private static int decodeStrictly(byte[] bytes, int at, int to) {
    int length = Utf8.length(bytes[at]);
    if (to - at < length) {
      return -1;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return -1;
      }
    }
    int codePoint = Utf8.decode(bytes, at);
    boolean valid =
        switch (length) {
          case 2 -> (bytes[at] & 0xFF) >= 0xC2;
          case 3 -> codePoint >= 0x800 && (codePoint < 0xD800 || codePoint > 0xDFFF);
          default -> (bytes[at] & 0xFF) <= 0xF4 && codePoint >= 0x10000 && codePoint <= 0x10FFFF;
        };
    return valid ? codePoint : -1;
  }
}
