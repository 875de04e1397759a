package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What controls have set and later text depends on: style, character sets, modes, tab stops, saved
 * cursors. It holds no text. Confined to its lane's thread.
 */
final class Modes {

  /** Bits of {@link #graphics}. */
  static final int G0 = 1;

  static final int G1 = 2;

  /** What is saved of a cursor: row, column, style, character sets, origin mode, and that it is. */
  private static final int SAVED = 7;

  int pen;

  /** Which character sets are DEC's line graphics. */
  int graphics;

  /** Whether G1 is in use. */
  boolean shiftedOut;

  /** Whether text pushes what is behind it to the right. */
  boolean insert;

  /** Whether rows are counted from the top margin. */
  boolean origin;

  /** The last character printed, if nothing came after it, else 0. */
  int last;

  /**
   * Whether the sequence before put the cursor into the top left corner, and nothing came since.
   */
  boolean homed;

  private final int[] saved = new int[SAVED];
  private final int[] savedAlternate = new int[SAVED];
  private final TabStops tabs = new TabStops();

  /** Whether text stands for itself, not for line graphics. */
  boolean isText() {
    return (graphics & (shiftedOut ? G1 : G0)) == 0;
  }

  /** Whether text does more than to append and overwrite plainly. */
  boolean edits() {
    return insert || pen != Pen.PLAIN;
  }

  TabStops tabs() {
    return tabs;
  }

  void reset() {
    copyFrom(new Modes());
  }

  void save(boolean alternate, int row, int column) {
    int[] to = alternate ? savedAlternate : saved;
    to[0] = row;
    to[1] = column;
    to[2] = pen;
    to[3] = graphics;
    to[4] = shiftedOut ? 1 : 0;
    to[5] = origin ? 1 : 0;
    to[6] = 1;
  }

  /** Restores what {@link #save} kept; the row and column are for the caller. */
  void restore(boolean alternate) {
    int[] from = alternate ? savedAlternate : saved;
    pen = from[2];
    graphics = from[3];
    shiftedOut = from[4] != 0;
    origin = from[5] != 0;
  }

  boolean hasSaved(boolean alternate) {
    return (alternate ? savedAlternate : saved)[6] != 0;
  }

  int savedRow(boolean alternate) {
    return (alternate ? savedAlternate : saved)[0];
  }

  int savedColumn(boolean alternate) {
    return (alternate ? savedAlternate : saved)[1];
  }

  void copyFrom(Modes other) {
    pen = other.pen;
    graphics = other.graphics;
    shiftedOut = other.shiftedOut;
    insert = other.insert;
    origin = other.origin;
    last = other.last;
    homed = other.homed;
    System.arraycopy(other.saved, 0, saved, 0, SAVED);
    System.arraycopy(other.savedAlternate, 0, savedAlternate, 0, SAVED);
    tabs.copyFrom(other.tabs);
  }

  /** Writes everything; the last character only where text may be kept. */
  void writeTo(DataOutput out, boolean hidden) throws IOException {
    out.writeInt(pen);
    out.writeByte(graphics);
    out.writeBoolean(shiftedOut);
    out.writeBoolean(insert);
    out.writeBoolean(origin);
    out.writeBoolean(homed);
    out.writeInt(hidden ? 0 : last);
    for (int i = 0; i < SAVED; i++) {
      out.writeInt(saved[i]);
      out.writeInt(savedAlternate[i]);
    }
    tabs.writeTo(out);
  }

  void readFrom(DataInput in) throws IOException {
    pen = in.readInt();
    graphics = in.readUnsignedByte();
    shiftedOut = in.readBoolean();
    insert = in.readBoolean();
    origin = in.readBoolean();
    homed = in.readBoolean();
    last = in.readInt();
    for (int i = 0; i < SAVED; i++) {
      saved[i] = in.readInt();
      savedAlternate[i] = in.readInt();
    }
    tabs.readFrom(in);
  }
}
