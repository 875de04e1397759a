package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The window of a full-screen program, and what scrolled off it: no part of the log unless the
 * program never leaves it. Confined to its lane's thread.
 */
final class AlternateScreen {

  /** Rows that are kept in case the program is killed; twenty screens are a lot of them. */
  private static final int MAX_HELD = 1000;

  private final int maxHeldBytes;
  private final Window window;
  private final Window held = new Window(MAX_HELD + 1);
  private long heldBytes;

  AlternateScreen(ConsoleLimits limits) {
    maxHeldBytes = limits.windowBytes();
    window = new Window(limits.windowRows());
  }

  Window window() {
    return window;
  }

  /** How many rows are held. */
  int held() {
    return held.used();
  }

  /** All rows: those that are held, then those of the window. */
  int count() {
    return held.used() + window.used();
  }

  Line row(int index) {
    return index < held.used() ? held.row(index) : window.row(index - held.used());
  }

  /** Takes a row that scrolled off, and drops the oldest if they are too many. */
  void hold(Line line) {
    held.append(line);
    heldBytes += line.length();
    while (held.used() > MAX_HELD || heldBytes > maxHeldBytes) {
      heldBytes -= held.takeTop().length();
    }
  }

  /** Shows what the program leaves if it is killed now. */
  void forEach(RowView view, RowVisitor visitor) {
    view.forEachHeld(held, window, visitor);
  }

  void writeTo(DataOutput out, RowTexts texts) throws IOException {
    window.writeTo(out, texts);
    held.writeTo(out, texts);
  }

  void readFrom(DataInput in, RowTexts texts) throws IOException {
    window.readFrom(in, texts);
    held.readFrom(in, texts);
    heldBytes = 0;
    for (int i = 0; i < held.used(); i++) {
      heldBytes += held.row(i).length();
    }
  }
}
