package org.joblog.ingest.reading;

/** The database cannot answer now, or not in the time that a question may take. */
public final class ReadingUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  ReadingUnavailable(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /** What is wrong, in words. */
  public String reason() {
    return reason;
  }
}
