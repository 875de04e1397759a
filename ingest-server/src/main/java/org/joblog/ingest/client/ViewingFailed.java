package org.joblog.ingest.client;

/** The server did not answer as it should; the message says what a person can do. */
public final class ViewingFailed extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;
  private final boolean passing;

  /**
   * @param passing whether it may be different in a moment: the server or its database is away
   */
  ViewingFailed(String reason, boolean passing) {
    super(reason);
    this.reason = reason;
    this.passing = passing;
  }

  /** What is wrong, in words. */
  public String reason() {
    return reason;
  }

  boolean isPassing() {
    return passing;
  }
}
