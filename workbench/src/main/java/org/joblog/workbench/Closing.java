package org.joblog.workbench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * What was started and must be stopped, in reverse order, also when Ctrl-C comes in the middle of a
 * start. Safe for use by many threads.
 */
final class Closing implements AutoCloseable {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Consumer<Exception> onFailure;
  private boolean closed;

  /**
   * @param onFailure hears of a part that did not close; the others are closed nevertheless
   */
  Closing(Consumer<Exception> onFailure) {
    this.onFailure = onFailure;
  }

  /**
   * Starts a part. Closing waits until the start is over, so that nothing is left behind.
   *
   * @throws CancellationException if everything is closed already
   */
  synchronized <T extends AutoCloseable> T start(Callable<T> start) throws Exception {
    if (closed) {
      throw new CancellationException("closed");
    }
    T part = start.call();
    parts.push(part);
    return part;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Stops everything, once. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        onFailure.accept(e);
      }
    }
  }
}
