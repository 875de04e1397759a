package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Tab stops: every eighth column until a program says otherwise. Confined to its lane's thread. */
final class TabStops {

  private static final int WIDTH = 8;

  /** The stops below {@link CursorRow#MAX_MOTION}, or null for every eighth. */
  private @Nullable BitSet stops;

  /** The stop after a column; without any, the furthest column that motion reaches. */
  int next(int column) {
    if (stops == null) {
      return (column / WIDTH + 1) * WIDTH;
    }
    int next = stops.nextSetBit(column + 1);
    return next < 0 ? CursorRow.MAX_MOTION : next;
  }

  /** The stop before a column, or 0. */
  int previous(int column) {
    if (stops == null) {
      return Math.max(0, (column - 1) / WIDTH * WIDTH);
    }
    return column == 0 ? 0 : Math.max(0, stops.previousSetBit(column - 1));
  }

  void set(int column) {
    if (column < CursorRow.MAX_MOTION) {
      own().set(column);
    }
  }

  void clear(int column) {
    own().clear(column);
  }

  void clearAll() {
    stops = new BitSet();
  }

  private BitSet own() {
    BitSet own = stops;
    if (own == null) {
      own = new BitSet(CursorRow.MAX_MOTION);
      for (int i = WIDTH; i < CursorRow.MAX_MOTION; i += WIDTH) {
        own.set(i);
      }
      stops = own;
    }
    return own;
  }

  void copyFrom(TabStops other) {
    stops = other.stops == null ? null : (BitSet) other.stops.clone();
  }

  void writeTo(DataOutput out) throws IOException {
    byte[] bits = stops == null ? new byte[0] : stops.toByteArray();
    out.writeByte(stops == null ? 0 : 1);
    out.writeShort(bits.length);
    out.write(bits);
  }

  void readFrom(DataInput in) throws IOException {
    boolean own = in.readUnsignedByte() == 1;
    byte[] bits = new byte[in.readUnsignedShort()];
    in.readFully(bits);
    stops = own ? BitSet.valueOf(bits) : null;
  }
}
