package org.joblog.ingest.repeat;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The last few lines of text that were stored, with which the next is compared. In one array,
 * because every line of every stream passes here. Confined to its lane's thread.
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
  private int size;

  RecentLines(FoldLimits limits) {
    this.limits = limits;
    from = new int[limits.blockLines()];
    to = new int[limits.blockLines()];
    hashes = new long[limits.blockLines()];
  }

  RecentLines copy() {
    RecentLines copy = new RecentLines(limits);
    copy.bytes = Arrays.copyOf(bytes, size == 0 ? 0 : to[size - 1]);
    System.arraycopy(from, 0, copy.from, 0, size);
    System.arraycopy(to, 0, copy.to, 0, size);
    System.arraycopy(hashes, 0, copy.hashes, 0, size);
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

  /** Adds a line; the oldest make place for it. */
  void add(byte[] text, int start, int end, long hash) {
    int length = end - start;
    int dropped = 0;
    while (dropped < size
        && (size - dropped == from.length
            || to[size - 1] - from[dropped] + length > limits.blockBytes())) {
      dropped++;
    }
    drop(dropped);
    int next = place(length);
    System.arraycopy(text, start, bytes, next, length);
    from[size] = next;
    to[size] = next + length;
    hashes[size] = hash;
    size++;
  }

  private void drop(int count) {
    if (count > 0) {
      size -= count;
      System.arraycopy(from, count, from, 0, size);
      System.arraycopy(to, count, to, 0, size);
      System.arraycopy(hashes, count, hashes, 0, size);
    }
  }

  /** Makes a place for a line behind the others and returns its offset. */
  private int place(int length) {
    int begin = size == 0 ? 0 : from[0];
    int end = size == 0 ? 0 : to[size - 1];
    if (end + length <= bytes.length && size > 0) {
      return end;
    }
    int live = end - begin;
    int needed = live + length;
    boolean fits = needed <= bytes.length && bytes.length <= WASTEFUL * (needed + INITIAL_BYTES);
    byte[] target = fits ? bytes : new byte[needed + needed / 2 + INITIAL_BYTES];
    System.arraycopy(bytes, begin, target, 0, live);
    bytes = target;
    for (int i = 0; i < size; i++) {
      from[i] -= begin;
      to[i] -= begin;
    }
    return live;
  }

  /** Whether the line a number of lines ago, from 1, has this text. */
  boolean isSame(int ago, byte[] text, int start, int end, long hash) {
    int index = size - ago;
    return index >= 0
        && hashes[index] == hash
        && Arrays.equals(bytes, from[index], to[index], text, start, end);
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
      out.writeInt(to[i] - from[i]);
      out.write(bytes, from[i], to[i] - from[i]);
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
