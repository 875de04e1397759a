package org.joblog.ingest.store;

import java.sql.SQLException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A row on its way into a table, column after column. Confined to one thread. */
interface Row {

  void nothing() throws SQLException;

  void int4(int value) throws SQLException;

  void int8(long value) throws SQLException;

  /** Microseconds since the epoch. */
  void time(long epochMicros) throws SQLException;

  /** Text without halves of characters. */
  void text(String text) throws SQLException;

  void texts(@Nullable String @Nullable [] values) throws SQLException;

  void int8s(long @Nullable [] values) throws SQLException;

  /** An array with null where no bit is set. */
  void int8s(long @Nullable [] values, BitSet present) throws SQLException;

  /** An array with null where no bit is set. */
  void float8s(double[] values, BitSet present) throws SQLException;
}
