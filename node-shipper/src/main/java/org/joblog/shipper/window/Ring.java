package org.joblog.shipper.window;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.joblog.shipper.posix.Pages;

/**
 * Memory for the newest bytes of a stream, found by their offsets. Its pages are taken when they
 * are first written. Which bytes are there, the window knows. Safe for use by many threads under
 * the job's lock; what {@link #from} returns is its user's without the lock.
 */
final class Ring {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final ByteBuffer view;
  private final int mask;

  /** Offset of the byte at the beginning. */
  private long base;

  /**
   * An empty ring.
   *
   * @param bytes a power of two
   * @param offset of the first byte that will come
   */
  Ring(int bytes, long offset) {
    mask = bytes - 1;
    memory = Pages.reserve(arena, bytes);
    view = memory.asByteBuffer();
    base = offset;
  }

  int bytes() {
    return mask + 1;
  }

  /** While nothing is in it: a quiet stream uses its beginning only, and no other page. */
  void beginAt(long offset) {
    base = offset;
  }

  private int place(long offset) {
    return (int) ((offset - base) & mask);
  }

  /** The memory from an offset on, as far as it is in one piece, at most so many bytes. */
  MemorySegment from(long offset, long most) {
    int at = place(offset);
    return memory.asSlice(at, Math.min(most, mask + 1 - at));
  }

  /** Puts bytes as far as there is room in one piece; gives how many. */
  int put(long offset, byte[] bytes, int from, long most) {
    int at = place(offset);
    int length = (int) Math.min(most, mask + 1 - at);
    view.put(at, bytes, from, length);
    return length;
  }

  /** Copies bytes that are in it. */
  void copy(long offset, int length, ByteBuffer out) {
    int at = place(offset);
    int first = Math.min(length, mask + 1 - at);
    out.put(view.slice(at, first));
    out.put(view.slice(0, length - first));
  }

  /** Gives the memory back. */
  void close() {
    arena.close();
  }
}
