package org.joblog.ingest.store;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What an error of the database means for what was offered to it. */
enum Failure {
  /** A value that it will never take. */
  REFUSED,
  /**
   * Not now: connection, conflict, resources, shutdown, and everything that is not known to lie in
   * a value. Trying again for ever loses nothing; giving up would.
   */
  AWAY;

  static Failure of(SQLException error) {
    String state = error.getSQLState();
    if (state == null || state.length() != 5) {
      return AWAY;
    }
    return switch (state.substring(0, 2)) {
      // cardinality violation, data exception, program limit exceeded (a value too large)
      case "21", "22", "54" -> REFUSED;
      case "23" -> isMissingPartition(error) ? AWAY : REFUSED;
      default -> AWAY;
    };
  }

  /**
   * Whether another connection may fare better: after a failover a live one can lead to a server
   * that takes no writes any more. Not so for conflicts with other transactions.
   */
  static boolean isOfTheServer(SQLException error) {
    String state = String.valueOf(error.getSQLState());
    return of(error) == AWAY && !state.startsWith("40") && !state.startsWith("55");
  }

  /** No fault of the row: a check violation (23514) without the name of a constraint. */
  static boolean isMissingPartition(SQLException error) {
    if (!"23514".equals(error.getSQLState()) || !(error instanceof PSQLException known)) {
      return false;
    }
    ServerErrorMessage message = known.getServerErrorMessage();
    return message != null && message.getConstraint() == null;
  }

  /** What the server said, without the detail lines that may quote a value. */
  static String inWords(SQLException error) {
    if (error instanceof PSQLException known && known.getServerErrorMessage() != null) {
      return String.valueOf(known.getServerErrorMessage().getMessage());
    }
    return error.getClass().getSimpleName();
  }

  static StoreUnavailable unavailable(String what, SQLException error) {
    return new StoreUnavailable(
        what + ": " + inWords(error) + " (SQLSTATE " + error.getSQLState() + ")", error);
  }
}
