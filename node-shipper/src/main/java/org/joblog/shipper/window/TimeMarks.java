package org.joblog.shipper.window;

/**
 * When the bytes of a stream were read: pairs of an offset and a time, as a ring of at most 8 KiB,
 * however long the server is away. Marks are a millisecond apart; where there is no more room every
 * other one goes and the distance doubles. A byte's time is never after it was read, and at most
 * the distance before: a millisecond, or the 128th part of the time for which the oldest byte has
 * waited. The first mark and the last are kept. Confined to the window's lock.
 */
final class TimeMarks {

  /**
   * Marks of one stream: as many streams as an agent may carry, 1,024, take 8 MiB of its 32 MiB.
   */
  static final int CAPACITY = 512;

  /** The distance where there is room. */
  static final long LEAST_MICROS = 1000;

  /** Enough for a stream that is read as it comes; doubled where more wait. */
  private static final int FIRST_CAPACITY = 64;

  private long[] offsets = new long[FIRST_CAPACITY];
  private long[] micros = new long[FIRST_CAPACITY];
  private int first;
  private int size;
  private long distance = LEAST_MICROS;

  /** Bytes from this offset on were read at this time. */
  void add(long offset, long atMicros) {
    if (size > 0 && atMicros - micros[index(size - 1)] < distance) {
      return;
    }
    while (size == CAPACITY) {
      distance *= 2;
      thinOut();
    }
    if (size == offsets.length) {
      grow();
    }
    put(size, offset, atMicros);
    size++;
  }

  /** Leaves out what is nearer to the mark before it than the distance. */
  private void thinOut() {
    int kept = 1;
    for (int i = 1; i < size; i++) {
      int from = index(i);
      boolean far = micros[from] - micros[index(kept - 1)] >= distance;
      if (far || i == size - 1) {
        put(kept, offsets[from], micros[from]);
        kept++;
      }
    }
    size = kept;
  }

  private void put(int i, long offset, long atMicros) {
    offsets[index(i)] = offset;
    micros[index(i)] = atMicros;
  }

  private void grow() {
    long[] moreOffsets = new long[offsets.length * 2];
    long[] moreMicros = new long[offsets.length * 2];
    for (int i = 0; i < size; i++) {
      moreOffsets[i] = offsets[index(i)];
      moreMicros[i] = micros[index(i)];
    }
    offsets = moreOffsets;
    micros = moreMicros;
    first = 0;
  }

  /** When the byte at an offset was read; 0 if nothing is known. */
  long at(long offset) {
    int i = find(offset);
    return i < 0 ? 0 : micros[index(i)];
  }

  /** The first offset after this one that has another time; the greatest long if there is none. */
  long nextAfter(long offset) {
    int next = find(offset) + 1;
    return next < size ? offsets[index(next)] : Long.MAX_VALUE;
  }

  /** Forgets what only bytes before this offset need. */
  void forgetBefore(long offset) {
    int last = find(offset);
    if (last > 0) {
      first = index(last);
      size -= last;
    }
    if (size <= 1) {
      distance = LEAST_MICROS;
    }
  }

  /** The last mark at or before an offset, counted from the first; -1 if there is none. */
  private int find(long offset) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (offsets[index(middle)] <= offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private int index(int i) {
    return (first + i) % offsets.length;
  }
}
