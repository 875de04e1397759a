package org.joblog.workbench;

/** How many bytes have been acknowledged in all. Safe for use by many threads. */
final class Progress {

  private long acknowledged;

  synchronized void add(long bytes) {
    acknowledged += bytes;
    notifyAll();
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  /** Waits until so many more bytes are acknowledged, but not longer than so many milliseconds. */
  synchronized boolean awaitMore(long bytes, long millis) throws InterruptedException {
    long goal = acknowledged + bytes;
    long until = System.nanoTime() + millis * 1_000_000;
    while (acknowledged < goal) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
