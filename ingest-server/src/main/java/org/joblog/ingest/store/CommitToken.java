package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Names one batch of one writer. It is written in the transaction of the batch: when the connection
 * breaks while the database commits, writing the same batch again finds its own token and does
 * nothing. If the lost transaction is still at work, the row lock makes the second one wait for it.
 * Immutable.
 *
 * @param writer random, of one writer of one process
 * @param sequence counts the batches of the writer
 */
record CommitToken(UUID writer, long sequence) {

  private static final String ADVANCE =
      """
      INSERT INTO joblog.commit_token AS t (writer, sequence) VALUES (?, ?)
      ON CONFLICT (writer) DO UPDATE SET sequence = excluded.sequence, committed_at = now()
      WHERE t.sequence < excluded.sequence
      """;

  /**
   * The same and the end of the transaction, in one round trip. A token that is recorded already
   * breaks the transaction, before anything of it is written: its number may not be null.
   */
  private static final String COMMIT =
      """
      INSERT INTO joblog.commit_token AS t (writer, sequence) VALUES (?, ?)
      ON CONFLICT (writer) DO UPDATE SET committed_at = now(),
        sequence = CASE WHEN t.sequence < excluded.sequence THEN excluded.sequence END;
      COMMIT
      """;

  private static final String NOT_NULL_VIOLATION = "23502";

  static CommitToken first() {
    return new CommitToken(UUID.randomUUID(), 1);
  }

  CommitToken next() {
    return new CommitToken(writer, sequence + 1);
  }

  /**
   * Records the token.
   *
   * @return false if it is recorded already: the batch was committed before
   */
  boolean advance(Connection connection) throws SQLException {
    try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
      advance.setObject(1, writer);
      advance.setLong(2, sequence);
      return advance.executeUpdate() == 1;
    }
  }

  /**
   * Records the token and commits.
   *
   * @return false if it is recorded already: the batch was committed before, and nothing can be
   *     done with this transaction but to roll it back
   */
  boolean commit(Connection connection) throws SQLException {
    try (PreparedStatement commit = connection.prepareStatement(COMMIT)) {
      commit.setObject(1, writer);
      commit.setLong(2, sequence);
      commit.execute();
      return true;
    } catch (PSQLException e) {
      ServerErrorMessage message = e.getServerErrorMessage();
      if (NOT_NULL_VIOLATION.equals(e.getSQLState())
          && message != null
          && "commit_token".equals(message.getTable())) {
        return false;
      }
      throw e;
    }
  }
}
