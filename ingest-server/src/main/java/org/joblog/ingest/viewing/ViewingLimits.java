package org.joblog.ingest.viewing;

import java.time.Duration;

/**
 * Bounds of the viewing floor. Immutable.
 *
 * @param connections at a time; a further one is closed. A browser opens up to six.
 * @param answersPerPerson answers that one person gets at once, so that nobody takes all the
 *     database's places; a further request waits
 * @param patience for how long it waits before it is refused
 * @param idle how long a connection may stand still, also one that does not read its answer
 * @param bodyBytes longest body of a request: it is a code
 * @param lineBytes longest first line of a request: a hundred keys
 * @param headerBytes longest headers of a request together
 * @param sessions sessions of all people; the one not used for longest goes first
 * @param sessionsPerPerson sessions of one person; the one not used for longest goes first
 * @param link how long a link to the page is good
 */
public record ViewingLimits(
    int connections,
    int answersPerPerson,
    Duration patience,
    Duration idle,
    int bodyBytes,
    int lineBytes,
    int headerBytes,
    int sessions,
    int sessionsPerPerson,
    Duration link) {

  public static final ViewingLimits DEFAULT =
      new ViewingLimits(
          512,
          4,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          1_024,
          16 << 10,
          16 << 10,
          20_000,
          50,
          Duration.ofMinutes(2));
}
