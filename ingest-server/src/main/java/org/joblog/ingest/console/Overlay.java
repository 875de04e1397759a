package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What lies beneath the text of a row after a carriage return, and shows where that is shorter.
 * Confined to its lane's thread.
 */
final class Overlay {

  /** Texts longer than this are composed only where that costs no more than what covers them. */
  private static final int LONG = 1024;

  private final RowTexts texts;
  private final Line beneath = new Line();
  private int columns;

  Overlay(RowTexts texts) {
    this.texts = texts;
  }

  /** The text beneath, which has its place in {@link RowTexts}. */
  Line line() {
    return beneath;
  }

  int columns() {
    return columns;
  }

  /** Whether any of this text shows behind what covers it. */
  boolean shows(int overColumns) {
    return columns > overColumns;
  }

  void clear() {
    beneath.clearText();
    columns = 0;
  }

  /** A row's text comes to lie beneath; the row is empty now. */
  void take(Line line, int itsColumns) {
    beneath.takeText(line);
    columns = itsColumns;
  }

  /** The text beneath becomes a row's. */
  void giveTo(Line line) {
    line.takeText(beneath);
    columns = 0;
  }

  /** Whether to cover this text would cost its whole length, which is long. */
  boolean isCostly(Line over, int overColumns) {
    return shows(overColumns) && beneath.length() > LONG && !isAscii(over, overColumns);
  }

  private boolean isAscii(Line over, int overColumns) {
    return columns == beneath.length() && overColumns == over.length();
  }

  /** The text beneath becomes what is seen of both; it is longer. */
  void cover(Line over, int overColumns) {
    if (isAscii(over, overColumns)) {
      texts.patch(beneath, over);
      return;
    }
    byte[] seen = new byte[maxLength(over)];
    int length = compose(over, overColumns, seen);
    long cut = beneath.cutBytes();
    texts.set(beneath, seen, 0, length);
    beneath.cutBytes(cut);
  }

  /** Most bytes that {@link #compose} writes. */
  int maxLength(Line over) {
    return over.length() + beneath.length() + 1;
  }

  /** What is seen: a row's text, and what shows of the one beneath. */
  byte[] seen(Line over, int overColumns) {
    if (!shows(overColumns)) {
      return Arrays.copyOfRange(texts.of(over), over.from, over.to);
    }
    byte[] seen = new byte[maxLength(over)];
    return Arrays.copyOf(seen, compose(over, overColumns, seen));
  }

  private int compose(Line over, int overColumns, byte[] out) {
    int length = over.length();
    System.arraycopy(texts.of(over), over.from, out, 0, length);
    byte[] bytes = texts.of(beneath);
    int at = beneath.from;
    int covered = 0;
    while (at < beneath.to && (covered < overColumns || markAt(bytes, at))) {
      covered += Widths.of(Utf8.decode(bytes, at));
      at += Utf8.length(bytes[at]);
    }
    for (; covered > overColumns; covered--) {
      // Half of a wide character is covered: the other half is blank.
      out[length++] = ' ';
    }
    int shown = Math.max(0, beneath.to - at);
    System.arraycopy(bytes, at, out, length, shown);
    return length + shown;
  }

  private static boolean markAt(byte[] bytes, int at) {
    return bytes[at] < 0 && Widths.of(Utf8.decode(bytes, at)) == 0;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(columns);
    beneath.writeTo(out, texts);
  }

  void readFrom(DataInput in) throws IOException {
    columns = in.readInt();
    beneath.takeText(Line.readFrom(in, texts));
  }
}
