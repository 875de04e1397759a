package org.joblog.shipper.window;

import java.util.ArrayDeque;
import java.util.Deque;
import org.joblog.schema.wire.Frame.GapReason;

/**
 * What of a stream has left memory and is not acknowledged: ranges in the spool, and lost ones, in
 * the order of their offsets and without a hole. Safe for use by many threads under the job's lock.
 */
final class Backlog {

  private final Deque<Range> ranges = new ArrayDeque<>();

  /** The newest range is in the spool. */
  void addSpooled(long from, long to, long atMicros, Spool.Entry entry) {
    ranges.addLast(new Range.Spooled(from, to, atMicros, entry));
  }

  /** The newest range is lost; it becomes one with the lost range before it. */
  void addLost(long from, long to, long atMicros, GapReason reason) {
    if (ranges.peekLast() instanceof Range.Lost last && last.reason() == reason) {
      ranges.removeLast();
      ranges.addLast(new Range.Lost(last.from(), to, last.atMicros(), reason));
    } else {
      ranges.addLast(new Range.Lost(from, to, atMicros, reason));
    }
  }

  /** A range before all others is lost after all. */
  void addLostBefore(long from, long to, long atMicros, GapReason reason) {
    ranges.addFirst(new Range.Lost(from, to, atMicros, reason));
  }

  /**
   * The range that holds an offset. It is searched from the oldest, which is near: what was sent is
   * acknowledged and gone.
   *
   * @throws IllegalStateException if there is none
   */
  Range at(long offset) {
    for (Range range : ranges) {
      if (offset < range.to()) {
        return range;
      }
    }
    throw new IllegalStateException("offset: " + offset + " (expected: within " + ranges + ")");
  }

  /** The spool could not give a range back: it is lost. */
  void replaceByLoss(Range.Spooled damaged, Spool spool) {
    Deque<Range> kept = new ArrayDeque<>(ranges);
    ranges.clear();
    for (Range range : kept) {
      ranges.addLast(
          range.equals(damaged)
              ? new Range.Lost(range.from(), range.to(), range.atMicros(), GapReason.SPOOL_DAMAGED)
              : range);
    }
    spool.release(damaged.entry());
  }

  /** Everything before an offset is acknowledged; its place in the spool is free. */
  void forgetBefore(long offset, Spool spool) {
    while (!ranges.isEmpty() && ranges.getFirst().to() <= offset) {
      if (ranges.removeFirst() instanceof Range.Spooled spooled) {
        spool.release(spooled.entry());
      }
    }
  }
}
