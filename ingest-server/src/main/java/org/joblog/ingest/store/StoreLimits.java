package org.joblog.ingest.store;

import java.time.Duration;

/**
 * Bounds of the store. Immutable.
 *
 * @param connections connections to the database: one for each writer thread (two a lane), two for
 *     upkeep
 * @param connectTimeout how long a call waits for a connection before the store counts as away
 * @param statementTimeout how long the database may work on one statement: a commit that takes
 *     longer is given up and tried again
 * @param socketTimeout how long a silent connection is waited for: longer than the statement
 *     timeout, so that the database speaks first
 * @param upkeep bounds of {@link PostgresStore#maintain}
 */
public record StoreLimits(
    int connections,
    Duration connectTimeout,
    Duration statementTimeout,
    Duration socketTimeout,
    UpkeepLimits upkeep) {

  public static final StoreLimits DEFAULT =
      new StoreLimits(
          8,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(75),
          UpkeepLimits.DEFAULT);

  /** The same with another number of connections. */
  public StoreLimits withConnections(int connections) {
    return new StoreLimits(connections, connectTimeout, statementTimeout, socketTimeout, upkeep);
  }

  /** The same with other bounds of upkeep. */
  public StoreLimits withUpkeep(UpkeepLimits upkeep) {
    return new StoreLimits(connections, connectTimeout, statementTimeout, socketTimeout, upkeep);
  }
}
