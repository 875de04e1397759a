package org.joblog.ingest.http;

import java.util.Optional;

/**
 * Says how the server is. Asked on the event loop, so it must answer at once, from what is known
 * already. Safe for use by many threads.
 */
public interface HealthSource {

  /** What is so wrong that a restart may help, in words; empty if nothing is. */
  Optional<String> illness();

  /** Why shippers should not be sent here now, in words; empty if they may come. */
  Optional<String> unreadiness();
}
