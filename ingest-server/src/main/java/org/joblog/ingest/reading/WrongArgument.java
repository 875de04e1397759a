package org.joblog.ingest.reading;

/**
 * A question has an argument that cannot be used; the message says which, and what was expected.
 */
public final class WrongArgument extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  WrongArgument(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What is wrong, in words. */
  public String reason() {
    return reason;
  }
}
