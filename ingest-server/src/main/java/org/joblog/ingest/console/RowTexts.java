package org.joblog.ingest.console;

import java.util.Arrays;

/**
 * The text of all rows of a console in one array. While bytes are being pushed, plain rows may lie
 * in the pushed array itself: those that are final before the push is over are never copied.
 * Confined to its lane's thread.
 *
 * <p>Text is only ever added at the end; what rows no longer use is squeezed out when the array is
 * full. In a stream that only prints, rows lie in their order and are moved down within the array.
 */
final class RowTexts {

  /** The rows whose text lies here, in the order of the window. */
  interface Rows {

    int count();

    Line row(int index);
  }

  private static final byte[] EMPTY = new byte[0];
  private static final int SLACK = 64;

  private final Rows rows;
  private byte[] kept = EMPTY;
  private int end;
  private byte[] input = EMPTY;
  private long nowMicros;
  private boolean anyPushed;

  RowTexts(Rows rows) {
    this.rows = rows;
  }

  /** A place for copies of single rows, which never move. */
  static RowTexts ofOne() {
    return new RowTexts(
        new Rows() {
          @Override
          public int count() {
            return 0;
          }

          @Override
          public Line row(int index) {
            throw new IndexOutOfBoundsException(index);
          }
        });
  }

  /** Bytes are being pushed. */
  void begin(byte[] bytes, long atMicros) {
    input = bytes;
    nowMicros = atMicros;
  }

  /** Bytes were pushed: what is still needed of them is copied. */
  void settle() {
    if (anyPushed) {
      int count = rows.count();
      int needed = 0;
      for (int i = 0; i < count; i++) {
        Line line = rows.row(i);
        needed += line.pushed ? line.length() : 0;
      }
      makeRoom(needed);
      for (int i = 0; i < count; i++) {
        settle(rows.row(i));
      }
      anyPushed = false;
    }
    input = EMPTY;
  }

  /** Copies a row's text if it lies in the pushed array. */
  void settle(Line line) {
    if (line.pushed) {
      set(line, input, line.from, line.to);
    }
  }

  /** When the bytes that are being pushed were read, microseconds since the epoch. */
  long nowMicros() {
    return nowMicros;
  }

  /** The array that holds a row's text. */
  byte[] of(Line line) {
    return line.pushed ? input : kept;
  }

  /** The row's text is a range of the pushed array. */
  void setPushed(Line line, int from, int to) {
    line.from = from;
    line.to = to;
    line.pushed = true;
    anyPushed = true;
  }

  /** The row's text becomes a copy of the given bytes, which must not be those kept here. */
  void set(Line line, byte[] bytes, int from, int to) {
    byte[] target = place(line, to - from);
    System.arraycopy(bytes, from, target, line.from, to - from);
  }

  /** Makes a place for the row's text and returns the array that it lies in. */
  byte[] place(Line line, int length) {
    line.dropText();
    if (length > 0) {
      makeRoom(length);
      line.from = end;
      end += length;
      line.to = end;
    }
    return kept;
  }

  /** Appends bytes to the row's text; a range that continues pushed text is not copied. */
  @SuppressWarnings("ReferenceEquality") // asks whether it is the same array, not an equal one
  void append(Line line, byte[] bytes, int from, int to) {
    if (bytes == input && (line.isEmpty() || (line.pushed && line.to == from))) {
      setPushed(line, line.isEmpty() ? from : line.from, to);
      return;
    }
    int length = to - from;
    makeRoom(line.length() + length);
    if (line.pushed || line.to != end) {
      int own = line.length();
      System.arraycopy(of(line), line.from, kept, end, own);
      line.from = end;
      line.pushed = false;
      end += own;
    }
    System.arraycopy(bytes, from, kept, end, length);
    end += length;
    line.to = end;
  }

  /** Overwrites the beginning of a row's text with another row's, which is not longer. */
  void patch(Line line, Line with) {
    settle(line);
    System.arraycopy(of(with), with.from, kept, line.from, with.length());
  }

  /** Bytes of the array, for tests of the memory that a console takes. */
  int capacity() {
    return kept.length;
  }

  private void makeRoom(int length) {
    if (kept.length - end >= length) {
      return;
    }
    int live = 0;
    int last = 0;
    boolean sorted = true;
    int count = rows.count();
    for (int i = 0; i < count; i++) {
      Line line = rows.row(i);
      if (!line.pushed && !line.isEmpty()) {
        live += line.length();
        sorted &= line.from >= last;
        last = line.to;
      }
    }
    int size = live + length;
    boolean fits = size <= kept.length - kept.length / 32 && size >= kept.length / 4;
    if (sorted && fits) {
      squeeze(kept);
    } else {
      // Rows out of order cannot be moved down in place; more room makes that rare.
      squeeze(new byte[size + (sorted ? size / 16 : size) + SLACK]);
    }
  }

  private void squeeze(byte[] target) {
    int next = 0;
    int count = rows.count();
    for (int i = 0; i < count; i++) {
      Line line = rows.row(i);
      if (!line.pushed && !line.isEmpty()) {
        int length = line.length();
        System.arraycopy(kept, line.from, target, next, length);
        line.from = next;
        next += length;
        line.to = next;
      }
    }
    kept = target;
    end = next;
  }

  /** Forgets everything; what a hidden stream printed does not stay in memory for long. */
  void clear() {
    Arrays.fill(kept, 0, end, (byte) 0);
    kept = EMPTY;
    end = 0;
  }
}
