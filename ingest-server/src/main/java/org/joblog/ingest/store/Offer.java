package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/**
 * How values are offered to the database inside a transaction: all at once, or carefully, so that a
 * value that it refuses is found by halving and does not take the others with it. Confined to its
 * transaction.
 */
final class Offer {

  /** Writes values by as few statements as it can. */
  interface Writer<T> {
    void write(List<T> items) throws SQLException;
  }

  /** Takes the one value that the database refused. */
  interface Refusal<T> {
    void refused(T item, SQLException why) throws SQLException;
  }

  private final Connection connection;
  private final boolean careful;

  private Offer(Connection connection, boolean careful) {
    this.connection = connection;
    this.careful = careful;
  }

  /** A refused value ends the transaction: the quick way, right nearly always. */
  static Offer allAtOnce(Connection connection) {
    return new Offer(connection, false);
  }

  /** A refused value is found, each attempt behind a savepoint. */
  static Offer carefully(Connection connection) {
    return new Offer(connection, true);
  }

  boolean isCareful() {
    return careful;
  }

  /** Writes the values; refused ones, only when careful, go to the refusal. */
  <T> void write(List<T> items, Writer<T> writer, Refusal<T> refusal) throws SQLException {
    if (items.isEmpty()) {
      return;
    }
    if (careful) {
      halve(items, writer, refusal);
    } else {
      writer.write(items);
    }
  }

  private <T> void halve(List<T> items, Writer<T> writer, Refusal<T> refusal) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      writer.write(items);
      connection.releaseSavepoint(before);
      return;
    } catch (SQLException e) {
      if (Failure.of(e) != Failure.REFUSED) {
        throw e;
      }
      connection.rollback(before);
      connection.releaseSavepoint(before);
      if (items.size() == 1) {
        refusal.refused(items.getFirst(), e);
        return;
      }
    }
    int middle = items.size() / 2;
    halve(items.subList(0, middle), writer, refusal);
    halve(items.subList(middle, items.size()), writer, refusal);
  }
}
