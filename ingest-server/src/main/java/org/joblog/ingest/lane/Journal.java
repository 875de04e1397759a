package org.joblog.ingest.lane;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes since a stream's last whole checkpoint: fed to the restored checkpoint they lead to the
 * state of now. A stream that prints little so writes little. Confined to its lane's thread.
 */
final class Journal {

  /** Takes the bytes back. */
  interface Reader {
    void chunk(long atMicros, byte[] bytes);
  }

  private static final byte[] EMPTY = {};

  private final int limitBytes;
  private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

  /**
   * An empty journal.
   *
   * @param limitBytes above which it is given up for a whole checkpoint
   */
  Journal(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Whether it leads from the last whole checkpoint to now. */
  boolean holds() {
    return bytes != null;
  }

  /** Something happened that it does not tell. */
  void giveUp() {
    bytes = null;
  }

  /** A whole checkpoint is written. */
  void restart() {
    bytes = new ByteArrayOutputStream(0);
  }

  void add(byte[] chunk, int from, int to, long atMicros) {
    ByteArrayOutputStream known = bytes;
    if (known == null) {
      return;
    }
    if (known.size() + to - from > limitBytes) {
      giveUp();
      return;
    }
    DataOutputStream out = new DataOutputStream(known);
    try {
      out.writeLong(atMicros);
      out.writeInt(to - from);
      out.write(chunk, from, to - from);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  byte[] toByteArray() {
    ByteArrayOutputStream known = bytes;
    return known == null ? EMPTY : known.toByteArray();
  }

  /** Feeds what {@link #toByteArray} gave to the reader. */
  static void replay(byte[] journal, Reader reader) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(journal));
    try {
      while (in.available() > 0) {
        long atMicros = in.readLong();
        byte[] chunk = new byte[in.readInt()];
        in.readFully(chunk);
        reader.chunk(atMicros, chunk);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "journal of " + journal.length + " bytes (expected: whole)", e);
    }
  }
}
