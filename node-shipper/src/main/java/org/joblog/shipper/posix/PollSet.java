package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Descriptors to wait for: an array of struct pollfd. Confined to the thread that waits. */
public final class PollSet {

  private static final int ENTRY_BYTES = 8;

  private final MemorySegment segment;
  private final long size;

  /**
   * A set of descriptors.
   *
   * @param fds the descriptors; -1 is never ready
   */
  public PollSet(int... fds) {
    segment = Arena.ofAuto().allocate((long) ENTRY_BYTES * fds.length, 4);
    size = fds.length;
    for (int i = 0; i < fds.length; i++) {
      segment.set(JAVA_INT, (long) ENTRY_BYTES * i, fds[i]);
    }
  }

  /** Asks for events of one descriptor; errors and hang-ups are reported unasked. */
  public PollSet ask(int index, int events) {
    segment.set(JAVA_SHORT, (long) ENTRY_BYTES * index + 4, (short) events);
    return this;
  }

  /** Takes a descriptor out of the set; its place stays. */
  public void remove(int index) {
    segment.set(JAVA_INT, (long) ENTRY_BYTES * index, -1);
    segment.set(JAVA_SHORT, (long) ENTRY_BYTES * index + 6, (short) 0);
  }

  /** What the last wait found out about one descriptor. */
  public int found(int index) {
    return segment.get(JAVA_SHORT, (long) ENTRY_BYTES * index + 6);
  }

  MemorySegment segment() {
    return segment;
  }

  long size() {
    return size;
  }
}
