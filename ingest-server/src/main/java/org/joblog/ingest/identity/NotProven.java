package org.joblog.ingest.identity;

/** A credential proves nobody; the message says why, in words for who sent it. */
public final class NotProven extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  public NotProven(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What is wrong, in words. */
  public String reason() {
    return reason;
  }
}
