package org.joblog.ingest.http;

import java.time.Duration;

/**
 * Bounds of the http floor. Immutable.
 *
 * @param connections connections at a time; a further one is closed. A few Prometheus servers,
 *     probes and curious people need a handful.
 * @param idle how long a connection may be silent, also in the middle of a request
 * @param requestLineBytes longest first line: the paths here are short
 * @param headerBytes longest headers together: browsers send about 2 KiB
 */
public record HttpLimits(int connections, Duration idle, int requestLineBytes, int headerBytes) {

  public static final HttpLimits DEFAULT =
      new HttpLimits(64, Duration.ofSeconds(30), 1024, 8 * 1024);
}
