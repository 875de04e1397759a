package org.joblog.shipper.window;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of a kind that all jobs of this process may use together. Safe for use by many threads. */
public final class Allowance {

  private final AtomicLong left;

  public Allowance(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Where one job is alone with its own limits. */
  public static Allowance unlimited() {
    return new Allowance(Long.MAX_VALUE);
  }

  /** Takes bytes if there are as many; whether it did. */
  boolean take(long bytes) {
    long before = left.get();
    while (before >= bytes) {
      if (left.compareAndSet(before, before - bytes)) {
        return true;
      }
      before = left.get();
    }
    return false;
  }

  /** Takes bytes that are needed in any case; what is left may fall below 0. */
  void takeAnyway(long bytes) {
    left.addAndGet(-bytes);
  }

  /** Gives bytes back. */
  void give(long bytes) {
    left.addAndGet(bytes);
  }

  /** How many bytes are left. */
  public long left() {
    return left.get();
  }
}
