package org.joblog.ingest.store;

/** The database cannot answer now; the same call may succeed later. */
public final class StoreUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
