package org.joblog.ingest.repeat;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The last few lines of text that were stored, with which the next is compared. Their text is in
 * one array and their places in rings, because every line of every stream passes here. Confined to
 * its lane's thread.
 */
final class RecentLines {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int INITIAL_BYTES = 64;

  /** An array larger than this many times what it holds is given back. */
  private static final int WASTEFUL = 8;

  private final FoldLimits limits;
  private byte[] bytes = new byte[INITIAL_BYTES];
  private final int[] from;
  private final int[] to;
  private final long[] hashes;

  /** Where the oldest line is in the rings. */
  private int oldest;

  private int size;

  RecentLines(FoldLimits limits) {
    this.limits = limits;
    from = new int[limits.blockLines()];
    to = new int[limits.blockLines()];
    hashes = new long[limits.blockLines()];
  }

  RecentLines copy() {
    RecentLines copy = new RecentLines(limits);
    copy.bytes = Arrays.copyOf(bytes, end());
    System.arraycopy(from, 0, copy.from, 0, from.length);
    System.arraycopy(to, 0, copy.to, 0, to.length);
    System.arraycopy(hashes, 0, copy.hashes, 0, hashes.length);
    copy.oldest = oldest;
    copy.size = size;
    return copy;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    if (bytes.length > limits.blockBytes()) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  /** The place in the rings of the line so many lines after the oldest. */
  private int place(int index) {
    int place = oldest + index;
    return place < from.length ? place : place - from.length;
  }

  /** Where the text of the newest line ends. */
  private int end() {
    return size == 0 ? 0 : to[place(size - 1)];
  }

  /** Adds a line; the oldest make place for it. */
  void add(byte[] text, int start, int end, long hash) {
    int length = end - start;
    while (size > 0
        && (size == from.length || end() - from[oldest] + length > limits.blockBytes())) {
      oldest = place(1);
      size--;
    }
    int next = room(length);
    System.arraycopy(text, start, bytes, next, length);
    int place = place(size);
    from[place] = next;
    to[place] = next + length;
    hashes[place] = hash;
    size++;
  }

  /** Makes room for a line behind the others and returns its offset. */
  private int room(int length) {
    int end = end();
    if (end + length <= bytes.length && size > 0) {
      return end;
    }
    int begin = size == 0 ? 0 : from[oldest];
    int live = end - begin;
    int needed = live + length;
    boolean fits = needed <= bytes.length && bytes.length <= WASTEFUL * (needed + INITIAL_BYTES);
    byte[] target = fits ? bytes : new byte[needed + needed / 2 + INITIAL_BYTES];
    System.arraycopy(bytes, begin, target, 0, live);
    bytes = target;
    for (int i = 0; i < size; i++) {
      from[place(i)] -= begin;
      to[place(i)] -= begin;
    }
    return live;
  }

  /** Whether the line a number of lines ago, from 1, has this text. */
  boolean isSame(int ago, byte[] text, int start, int end, long hash) {
    if (ago > size) {
      return false;
    }
    int place = place(size - ago);
    return hashes[place] == hash && Arrays.equals(bytes, from[place], to[place], text, start, end);
  }

  /**
   * A hash of samples of a line, quicker than looking at all of it: the lines of a log differ at
   * their ends. Equal text has equal hashes; equal hashes are checked.
   */
  static long hash(byte[] text, int start, int end) {
    int length = end - start;
    if (length < Long.BYTES) {
      long hash = length;
      for (int i = start; i < end; i++) {
        hash = (hash << 8) ^ text[i];
      }
      return hash;
    }
    long first = (long) LONGS.get(text, start);
    long middle = (long) LONGS.get(text, start + (length - Long.BYTES) / 2);
    long last = (long) LONGS.get(text, end - Long.BYTES);
    return ((first * 31 + middle) * 31 + last) * 31 + length;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeByte(size);
    for (int i = 0; i < size; i++) {
      int place = place(i);
      out.writeInt(to[place] - from[place]);
      out.write(bytes, from[place], to[place] - from[place]);
    }
  }

  void readFrom(DataInput in) throws IOException {
    int lines = in.readUnsignedByte();
    for (int i = 0; i < lines; i++) {
      byte[] text = new byte[in.readInt()];
      in.readFully(text);
      add(text, 0, text.length, hash(text, 0, text.length));
    }
  }
}
