package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Prefix, parameters and intermediate byte of the control sequence being read. Confined to its
 * lane's thread.
 */
final class Parameters {

  /** More are ignored; xterm keeps 30. */
  private static final int MAX_COUNT = 32;

  private static final int MAX_VALUE = 65535;

  /** Longer sequences are swallowed without effect. */
  private static final int MAX_TEXT = 256;

  /** More rows or cells than any terminal has. */
  private static final int MAX_REPEAT = 1024;

  private final int[] values = new int[MAX_COUNT];

  /** Bit i says that parameter i was separated by a colon from the one before. */
  private int colons;

  private int count;
  private int text;
  private int prefix;
  private int intermediate;

  void clear() {
    colons = 0;
    count = 1;
    values[0] = 0;
    text = 0;
    prefix = 0;
    intermediate = 0;
  }

  /**
   * Takes a byte 0x30 to 0x3F.
   *
   * @return false if the sequence is malformed or too long and must be ignored
   */
  boolean accept(int c) {
    text++;
    if (c >= '<') {
      boolean first = text == 1;
      prefix = c;
      return first;
    }
    if (c == ';' || c == ':') {
      separate(c == ':');
    } else if (count <= MAX_COUNT) {
      values[count - 1] = Math.min(MAX_VALUE, values[count - 1] * 10 + c - '0');
    }
    return text <= MAX_TEXT;
  }

  private void separate(boolean colon) {
    if (count < MAX_COUNT) {
      values[count] = 0;
      colons |= colon ? 1 << count : 0;
    }
    count = Math.min(count + 1, MAX_COUNT + 1);
  }

  /** Takes a byte 0x20 to 0x2F; of several the last is kept, since none has a meaning here. */
  void intermediate(int c) {
    intermediate = c;
  }

  /** Whether the sequence has neither prefix nor intermediate bytes. */
  boolean isPlain() {
    return prefix == 0 && intermediate == 0;
  }

  /** Whether the sequence has this prefix and no intermediate bytes. */
  boolean hasPrefix(int expected) {
    return prefix == expected && intermediate == 0;
  }

  /** Whether any parameter has parts. */
  boolean hasColons() {
    return colons != 0;
  }

  /** Whether a parameter is a part of the one before. */
  boolean isPart(int index) {
    return (colons >>> index & 1) != 0;
  }

  int count() {
    return Math.min(count, MAX_COUNT);
  }

  /** A parameter, 0 if it is missing. */
  int get(int index) {
    return index < count() ? values[index] : 0;
  }

  /** A parameter that says how often: at least 1, and no more than any terminal has cells. */
  int repeat(int index) {
    return Math.clamp(get(index), 1, MAX_REPEAT);
  }

  /** A parameter that says where, from 0: what people count from 1. */
  int position(int index) {
    return Math.max(1, get(index)) - 1;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeByte(count);
    for (int i = 0; i < count(); i++) {
      out.writeInt(values[i]);
    }
    out.writeInt(colons);
    out.writeShort(text);
    out.writeByte(prefix);
    out.writeByte(intermediate);
  }

  void readFrom(DataInput in) throws IOException {
    count = in.readUnsignedByte();
    for (int i = 0; i < count(); i++) {
      values[i] = in.readInt();
    }
    colons = in.readInt();
    text = in.readUnsignedShort();
    prefix = in.readUnsignedByte();
    intermediate = in.readUnsignedByte();
  }
}
