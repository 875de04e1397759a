package org.joblog.ingest.console;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * How a hidden console stood where its open line began, which is where its checkpoint stands: what
 * was printed since is pushed again after a crash, and is nowhere else. Of the row there is its
 * width, because a command that does not cover what stood there is none. Confined to its lane's
 * thread.
 */
final class OpenLine {

  private final Modes modes = new Modes();
  private byte[] parser = {};
  private long position;
  private boolean alternate;
  private boolean givenUp;
  private int columns;
  private int column;

  /** The line begins here. */
  void begin(long at, Parser parserNow, Modes modesNow, Screen screen) {
    position = at;
    modes.copyFrom(modesNow);
    parser = parserNow.isGround() ? GROUND : write(parserNow);
    alternate = screen.isAlternate();
    givenUp = screen.isGivenUp();
    columns = screen.cursor().isBlank() ? 0 : screen.cursor().trimmedColumns();
    column = screen.cursor().column();
  }

  private static final byte[] GROUND = {};

  /** Bytes from here to a position. */
  long lengthTo(long end) {
    return end - position;
  }

  void giveUp() {
    givenUp = true;
  }

  private static byte[] write(Parser parser) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      parser.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  void writeTo(DataOutput out) throws IOException {
    modes.writeTo(out, true);
    out.writeBoolean(parser.length > 0);
    out.write(parser);
    out.writeBoolean(alternate);
    out.writeBoolean(givenUp);
    out.writeInt(columns);
    out.writeInt(column);
  }

  /** Brings a console to where the line begins. */
  void readFrom(DataInput in, Parser parserNow, Modes modesNow, Screen screen) throws IOException {
    modesNow.readFrom(in);
    if (in.readBoolean()) {
      parserNow.readFrom(in);
    }
    boolean inAlternate = in.readBoolean();
    boolean wasGivenUp = in.readBoolean();
    int width = in.readInt();
    int at = in.readInt();
    screen.restoreHidden(inAlternate, width, at);
    screen.giveUp(wasGivenUp);
    begin(0, parserNow, modesNow, screen);
  }
}
