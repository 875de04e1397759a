package org.joblog.ingest.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into a table in PostgreSQL's binary COPY format. Confined to one thread.
 *
 * <pre>
 *  "PGCOPY\n\377\r\n\0" | int32 flags = 0 | int32 extension = 0
 *  row:   int16 columns, then each column: int32 length (-1: null) | bytes
 *  array: int32 dimensions | int32 has nulls | int32 element type | int32 length | int32 lower bound
 *         then each element as a column
 *  end:   int16 -1
 * </pre>
 *
 * Source: PostgreSQL documentation, "COPY", "Binary Format"; array_send in arrayfuncs.c.
 */
final class BinaryCopy implements Row, AutoCloseable {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** Sent when this much is buffered: a few chunks, one system call. */
  private static final int FLUSH_BYTES = 64 * 1024;

  /** Microseconds from 1970 to 2000, where PostgreSQL's time begins. */
  private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int INT2 = 21;
  private static final int INT4 = 23;
  private static final int INT8 = 20;
  private static final int TEXT = 25;
  private static final int FLOAT8 = 701;

  private final CopyIn copy;
  private byte[] buffer = new byte[FLUSH_BYTES + 1024];
  private int size;

  private BinaryCopy(CopyIn copy) {
    this.copy = copy;
  }

  static BinaryCopy into(Connection connection, String tableAndColumns) throws SQLException {
    BinaryCopy rows =
        new BinaryCopy(
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + tableAndColumns + " FROM STDIN (FORMAT binary)"));
    rows.raw(SIGNATURE);
    return rows;
  }

  void row(int columns) throws SQLException {
    if (size >= FLUSH_BYTES) {
      flush();
    }
    raw2(columns);
  }

  @Override
  public void nothing() {
    raw4(-1);
  }

  @Override
  public void int4(int value) {
    raw4(4);
    raw4(value);
  }

  @Override
  public void int8(long value) {
    raw4(8);
    raw8(value);
  }

  @Override
  public void time(long epochMicros) {
    int8(epochMicros - POSTGRES_EPOCH_MICROS);
  }

  /** Text in UTF-8, as it is; a long one goes to the connection without being copied. */
  void text(byte[] utf8) throws SQLException {
    raw4(utf8.length);
    if (utf8.length < FLUSH_BYTES / 4) {
      raw(utf8);
    } else {
      flush();
      copy.writeToCopy(utf8, 0, utf8.length);
    }
  }

  @Override
  public void text(String text) throws SQLException {
    text(text.getBytes(StandardCharsets.UTF_8));
  }

  void bool(boolean value) {
    raw4(1);
    raw(new byte[] {(byte) (value ? 1 : 0)});
  }

  void float8(double value) {
    int8(Double.doubleToRawLongBits(value));
  }

  @Override
  public void float8s(double[] values, BitSet present) {
    int count = present.cardinality();
    array(FLOAT8, values.length, values.length * 4 + count * 8, count < values.length);
    for (int i = 0; i < values.length; i++) {
      if (present.get(i)) {
        float8(values[i]);
      } else {
        nothing();
      }
    }
  }

  @Override
  public void int8s(long @Nullable [] values, BitSet present) {
    if (values == null) {
      nothing();
      return;
    }
    int count = present.cardinality();
    array(INT8, values.length, values.length * 4 + count * 8, count < values.length);
    for (int i = 0; i < values.length; i++) {
      if (present.get(i)) {
        int8(values[i]);
      } else {
        nothing();
      }
    }
  }

  void int2s(short @Nullable [] values) {
    if (values == null) {
      nothing();
      return;
    }
    array(INT2, values.length, values.length * 6, false);
    for (short value : values) {
      raw4(2);
      raw2(value);
    }
  }

  void int4s(int @Nullable [] values) {
    if (values == null) {
      nothing();
      return;
    }
    array(INT4, values.length, values.length * 8, false);
    for (int value : values) {
      int4(value);
    }
  }

  @Override
  public void int8s(long @Nullable [] values) {
    if (values == null) {
      nothing();
      return;
    }
    array(INT8, values.length, values.length * 12, false);
    for (long value : values) {
      int8(value);
    }
  }

  @Override
  public void texts(@Nullable String @Nullable [] values) throws SQLException {
    if (values == null) {
      nothing();
      return;
    }
    byte[] @Nullable [] encoded = new byte[values.length] @Nullable [];
    int bytes = 0;
    for (int i = 0; i < values.length; i++) {
      String value = values[i];
      byte @Nullable [] utf8 = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
      encoded[i] = utf8;
      bytes += 4 + (utf8 == null ? 0 : utf8.length);
    }
    array(TEXT, values.length, bytes, true);
    for (byte @Nullable [] value : encoded) {
      if (value == null) {
        nothing();
      } else {
        text(value);
      }
    }
  }

  private void array(int elementType, int length, int elementBytes, boolean hasNulls) {
    raw4(20 + elementBytes);
    raw4(1);
    raw4(hasNulls ? 1 : 0);
    raw4(elementType);
    raw4(length);
    raw4(1);
  }

  /** Ends the copy; errors of the rows are thrown here at the latest. */
  void finish() throws SQLException {
    raw2(-1);
    flush();
    copy.endCopy();
  }

  /** Gives the copy up if it is not finished. */
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer, 0, size);
    size = 0;
  }

  private void raw2(int value) {
    room(2);
    SHORTS.set(buffer, size, (short) value);
    size += 2;
  }

  private void raw4(int value) {
    room(4);
    INTS.set(buffer, size, value);
    size += 4;
  }

  private void raw8(long value) {
    room(8);
    LONGS.set(buffer, size, value);
    size += 8;
  }

  private void raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void room(int bytes) {
    if (size + bytes > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(size + bytes, buffer.length * 2));
    }
  }
}
