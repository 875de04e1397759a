package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The rows that can still change, top to bottom; rows that the cursor never reached do not exist
 * yet. A ring, so that scrolling moves nothing. Confined to its lane's thread.
 */
final class Window {

  private static final int INITIAL_ROWS = 4;

  private final int maxRows;
  private Line[] ring;
  private int first;
  private int used;

  /** A window of at most the given number of rows. */
  Window(int maxRows) {
    this.maxRows = maxRows;
    ring = new Line[Math.min(INITIAL_ROWS, maxRows)];
  }

  int used() {
    return used;
  }

  Line row(int index) {
    return ring[place(index)];
  }

  private void set(int index, Line line) {
    ring[place(index)] = line;
  }

  private int place(int index) {
    int place = first + index;
    return place < ring.length ? place : place - ring.length;
  }

  /** Makes rows up to an index exist, and returns it. */
  Line reach(int index, long atMicros) {
    while (used <= index) {
      Line line = new Line();
      line.reset(atMicros);
      append(line);
    }
    return row(index);
  }

  /** Adds a row at the bottom. */
  void append(Line line) {
    if (used == ring.length) {
      Line[] larger = new Line[Math.min(maxRows, used * 2)];
      for (int i = 0; i < used; i++) {
        larger[i] = row(i);
      }
      ring = larger;
      first = 0;
    }
    used++;
    set(used - 1, line);
  }

  /** Takes the top row out. */
  Line takeTop() {
    Line top = row(0);
    first = place(1);
    used--;
    return top;
  }

  /**
   * The top row becomes the bottom one. In a full window, as nearly all are, this moves nothing.
   */
  Line rotate() {
    Line top = row(0);
    if (used == ring.length) {
      first = place(1);
    } else {
      takeTop();
      append(top);
    }
    return top;
  }

  /** Takes a row out and puts another in at another place, moving those between. */
  void replace(int from, int to, Line line) {
    int step = from < to ? 1 : -1;
    for (int i = from; i != to; i += step) {
      set(i, row(i + step));
    }
    set(to, line);
  }

  /**
   * Scrolls a region up: its upper rows are lost.
   *
   * @param bottom its last row, inclusive
   */
  void scrollUp(int top, int bottom, int count, long atMicros) {
    reach(bottom, atMicros);
    for (int i = Math.min(count, bottom - top + 1); i > 0; i--) {
      renew(top, bottom, atMicros);
    }
  }

  /** Scrolls a region down: its lower rows are lost. */
  void scrollDown(int top, int bottom, int count, long atMicros) {
    reach(bottom, atMicros);
    for (int i = Math.min(count, bottom - top + 1); i > 0; i--) {
      renew(bottom, top, atMicros);
    }
  }

  private void renew(int from, int to, long atMicros) {
    Line line = row(from);
    line.reset(atMicros);
    replace(from, to, line);
  }

  /** Forgets all rows. */
  void clear() {
    Arrays.fill(ring, null);
    ring = ring.length > INITIAL_ROWS ? new Line[INITIAL_ROWS] : ring;
    first = 0;
    used = 0;
  }

  void writeTo(DataOutput out, RowTexts texts) throws IOException {
    out.writeInt(used);
    for (int i = 0; i < used; i++) {
      row(i).writeTo(out, texts);
    }
  }

  void readFrom(DataInput in, RowTexts texts) throws IOException {
    clear();
    int rows = in.readInt();
    for (int i = 0; i < rows; i++) {
      append(Line.readFrom(in, texts));
    }
  }
}
