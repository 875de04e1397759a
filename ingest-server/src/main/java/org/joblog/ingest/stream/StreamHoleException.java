package org.joblog.ingest.stream;

/** Bytes of a stream are missing and no gap was announced: the sender is broken. */
public final class StreamHoleException extends Exception {

  private static final long serialVersionUID = 1L;

  StreamHoleException(long expected, long found) {
    super("offset of data: " + found + " (expected: <= " + expected + ", or a gap frame before)");
  }
}
