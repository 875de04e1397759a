package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The parameters of an INSERT. For a few rows it is cheaper than COPY, which asks the server
 * whether it may begin and plans each time. Confined to one thread.
 */
final class InsertedRow implements Row {

  private final Connection connection;
  private final PreparedStatement insert;
  private int column;

  InsertedRow(Connection connection, PreparedStatement insert) {
    this.connection = connection;
    this.insert = insert;
  }

  /** Ends the row. */
  void end() throws SQLException {
    insert.addBatch();
    column = 0;
  }

  @Override
  public void nothing() throws SQLException {
    insert.setNull(++column, Types.NULL);
  }

  @Override
  public void int4(int value) throws SQLException {
    insert.setInt(++column, value);
  }

  @Override
  public void int8(long value) throws SQLException {
    insert.setLong(++column, value);
  }

  @Override
  public void time(long epochMicros) throws SQLException {
    insert.setObject(
        ++column, Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
  }

  @Override
  public void text(String text) throws SQLException {
    // Of no type, so that the server takes it as what the column is.
    insert.setObject(++column, text, Types.OTHER);
  }

  @Override
  public void texts(@Nullable String @Nullable [] values) throws SQLException {
    array("text", values);
  }

  @Override
  public void int8s(long @Nullable [] values) throws SQLException {
    array("int8", values);
  }

  @Override
  public void int8s(long @Nullable [] values, BitSet present) throws SQLException {
    if (values == null || present.cardinality() == values.length) {
      array("int8", values);
      return;
    }
    @Nullable Long[] some = new @Nullable Long[values.length];
    present.stream().forEach(place -> some[place] = values[place]);
    array("int8", some);
  }

  @Override
  public void float8s(double[] values, BitSet present) throws SQLException {
    if (present.cardinality() == values.length) {
      array("float8", values);
      return;
    }
    @Nullable Double[] some = new @Nullable Double[values.length];
    present.stream().forEach(place -> some[place] = values[place]);
    array("float8", some);
  }

  void float8s(double[] values) throws SQLException {
    array("float8", values);
  }

  void int4s(int[] values) throws SQLException {
    array("int4", values);
  }

  void bools(boolean[] values) throws SQLException {
    array("bool", values);
  }

  private void array(String type, @Nullable Object values) throws SQLException {
    if (values == null) {
      nothing();
    } else {
      // The driver sends arrays of primitives as they are; its interface says Object[] only.
      insert.setArray(++column, connection.unwrap(PGConnection.class).createArrayOf(type, values));
    }
  }
}
