package org.joblog.ingest.lane;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.joblog.ingest.batch.LineBuffer;
import org.joblog.ingest.console.Console;
import org.joblog.ingest.repeat.Fold;
import org.joblog.ingest.store.OpenedStream;
import org.joblog.schema.options.Mode;

/**
 * Everything that is needed to go on from an offset of a stream. Immutable but for what it holds.
 *
 * @param mode in force when it was written
 * @param hiddenUntil bytes before this offset were processed in a hidden mode already
 * @param commandsSeen whether the job has used commands
 * @param open final lines that do not fill a chunk yet
 */
record Checkpoint(
    Mode mode,
    long hiddenUntil,
    boolean commandsSeen,
    Console console,
    Fold fold,
    LineBuffer open) {

  /** Grows with the format; a checkpoint of another version cannot be read. */
  private static final int VERSION = 1;

  byte[] toByteArray() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeByte(VERSION);
      out.writeUTF(mode.word());
      out.writeLong(hiddenUntil);
      out.writeBoolean(commandsSeen);
      console.writeTo(out);
      fold.writeTo(out);
      open.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The state at which a stream goes on, or its beginning if nothing is stored.
   *
   * @param mode of the job, for a beginning
   * @throws IllegalStateException if it was written by a newer version of the server
   */
  static Checkpoint of(OpenedStream opened, Mode mode, RouteTools tools, Route route) {
    byte[] bytes = opened.checkpoint();
    return bytes == null || bytes.length == 0
        ? fresh(opened.scrollbackEnd(), mode, tools, route)
        : read(bytes, tools, route);
  }

  private static Checkpoint read(byte[] bytes, RouteTools tools, Route route) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "checkpoint version: " + version + " (expected: " + VERSION + ")");
      }
      Mode mode = Mode.ofWord(in.readUTF()).orElse(Mode.DISABLED);
      long hiddenUntil = in.readLong();
      boolean commandsSeen = in.readBoolean();
      Console console = Console.readFrom(in, tools.console(), route);
      Fold fold = Fold.readFrom(in, tools.fold(), route);
      return new Checkpoint(
          mode, hiddenUntil, commandsSeen, console, fold, LineBuffer.readFrom(in));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "checkpoint of " + bytes.length + " bytes (expected: whole)", e);
    }
  }

  private static Checkpoint fresh(long firstLine, Mode mode, RouteTools tools, Route route) {
    Console console = new Console(tools.console(), route);
    if (!mode.storesText()) {
      console.hide();
    }
    return new Checkpoint(
        mode, 0, false, console, new Fold(tools.fold(), route), new LineBuffer(firstLine));
  }
}
