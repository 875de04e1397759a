package org.joblog.shipper.window;

/**
 * When the bytes of a stream were read: pairs of an offset and a time, as a ring of fixed size.
 * Marks that come faster than one a millisecond, or more than there is room for, are left out;
 * their bytes then have the time of the mark before. Confined to the window's lock.
 */
final class TimeMarks {

  /** One mark a millisecond for 4 s of a program that prints without rest. */
  private static final int CAPACITY = 4096;

  private static final long LEAST_MICROS = 1000;

  /** Enough for a stream that is read as it comes; doubled where more wait. */
  private static final int FIRST_CAPACITY = 64;

  private long[] offsets = new long[FIRST_CAPACITY];
  private long[] micros = new long[FIRST_CAPACITY];
  private int first;
  private int size;

  /** Bytes from this offset on were read at this time. */
  void add(long offset, long atMicros) {
    if (size > 0) {
      boolean tooSoon = atMicros - micros[index(size - 1)] < LEAST_MICROS;
      if (tooSoon || size == CAPACITY) {
        return;
      }
    }
    if (size == offsets.length) {
      grow();
    }
    offsets[index(size)] = offset;
    micros[index(size)] = atMicros;
    size++;
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
