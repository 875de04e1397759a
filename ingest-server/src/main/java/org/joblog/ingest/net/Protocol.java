package org.joblog.ingest.net;

/** The version of the protocol that this server speaks. */
final class Protocol {

  static final int VERSION = 1;

  private Protocol() {}
}
