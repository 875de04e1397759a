package org.joblog.ingest.viewing;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that is not answered; the message says why, in words for who asked. */
final class Refused extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  private final transient HttpResponseStatus status;

  Refused(HttpResponseStatus status, String reason) {
    super(reason);
    this.reason = reason;
    this.status = status;
  }

  HttpResponseStatus status() {
    return status;
  }

  /** What is wrong, in words. */
  String reason() {
    return reason;
  }
}
