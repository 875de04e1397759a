package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Sets the parameters of a statement that works on many rows at once ({@code FROM unnest(…)}): one
 * array a column, sent in binary where the driver can. Confined to one thread.
 *
 * @param <T> what a row is made of
 */
final class ArrayParameters<T> {

  private final PreparedStatement statement;
  private final PGConnection connection;
  private final List<T> rows;
  private int next = 1;

  ArrayParameters(Connection connection, PreparedStatement statement, List<T> rows)
      throws SQLException {
    this.statement = statement;
    this.connection = connection.unwrap(PGConnection.class);
    this.rows = rows;
  }

  ArrayParameters<T> int8(ToLongFunction<T> column) throws SQLException {
    return set("int8", rows.stream().mapToLong(column).toArray());
  }

  ArrayParameters<T> nullableInt8(Function<T, @Nullable Long> column) throws SQLException {
    return set("int8", rows.stream().map(column).toArray(Long[]::new));
  }

  ArrayParameters<T> bool(Function<T, Boolean> column) throws SQLException {
    return set("bool", rows.stream().map(column).toArray(Boolean[]::new));
  }

  ArrayParameters<T> bytes(Function<T, byte @Nullable []> column) throws SQLException {
    return set("bytea", rows.stream().map(column).toArray(byte[][]::new));
  }

  ArrayParameters<T> text(Function<T, @Nullable String> column) throws SQLException {
    return set("text", rows.stream().map(column).toArray(String[]::new));
  }

  private ArrayParameters<T> set(String type, Object values) throws SQLException {
    statement.setArray(next++, connection.createArrayOf(type, values));
    return this;
  }
}
