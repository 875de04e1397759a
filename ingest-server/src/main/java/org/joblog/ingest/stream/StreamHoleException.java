package org.joblog.ingest.stream;

/** Bytes of a stream are missing and no gap was announced: the sender is broken. */
public final class StreamHoleException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String problem;

  StreamHoleException(long expected, long found) {
    this("offset of data: " + found + " (expected: <= " + expected + ", or a gap frame before)");
  }

  private StreamHoleException(String problem) {
    super(problem);
    this.problem = problem;
  }

  /** What is wrong, in words. */
  public String problem() {
    return problem;
  }
}
