package org.joblog.ingest.reading;

import java.time.Duration;

/**
 * Where and as whom jobs are read. Immutable.
 *
 * @param jdbcUrl of the database, without user and password
 * @param user a role that sees the public interface and nothing else
 * @param password its password, empty for none
 * @param connections questions that are answered at once; a further one waits for a place
 * @param connectTimeout how long it waits, and how long a connection may take to come up
 * @param statementTimeout how long the database may work on one question
 */
public record ReadingSettings(
    String jdbcUrl,
    String user,
    String password,
    int connections,
    Duration connectTimeout,
    Duration statementTimeout) {

  @Override
  public String toString() {
    return "ReadingSettings[" + jdbcUrl + ", " + user + "]";
  }
}
