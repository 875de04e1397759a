package org.joblog.ingest.console;

/**
 * What characters, controls and sequences do to the screen. What is not named here changes nothing.
 * Confined to its lane's thread.
 */
final class Interpreter implements Parser.Actions {

  private static final int CURSOR = 1048;
  private static final int ALTERNATE_AND_CURSOR = 1049;

  private final Screen screen;
  private final Modes modes;

  Interpreter(Screen screen, Modes modes) {
    this.screen = screen;
    this.modes = modes;
  }

  /** Prints a run of characters that each have a width, none of them in another character set. */
  void text(byte[] bytes, int from, int to, int columns) {
    screen.cursor().text(bytes, from, to, columns, modes);
    modes.homed = false;
  }

  @Override
  public void print(int codePoint) {
    int shown = modes.isText() ? codePoint : LineGraphics.of(codePoint);
    screen.cursor().print(shown, modes);
    modes.homed = false;
    modes.last = Widths.of(shown) > 0 ? shown : modes.last;
  }

  @Override
  public void execute(int control) {
    switch (control) {
      case '\b' -> back();
      case '\t' -> tab(1);
      case '\n' -> screen.lineFeed();
      case 0x0B, '\f' -> screen.index();
      case '\r' -> screen.cursor().carriageReturn();
      case 0x0E -> modes.shiftedOut = true;
      case 0x0F -> modes.shiftedOut = false;
      default -> {
        return;
      }
    }
    modes.last = 0;
    modes.homed = false;
  }

  private void back() {
    CursorRow cursor = screen.cursor();
    cursor.moveTo(cursor.column() - 1);
  }

  private void tab(int count) {
    CursorRow cursor = screen.cursor();
    int column = cursor.column();
    for (int i = 0; i < count && column < CursorRow.MAX_MOTION; i++) {
      column = modes.tabs().next(column);
    }
    cursor.tab(column);
  }

  private void backTab(int count) {
    int column = screen.cursor().column();
    for (int i = 0; i < count && column > 0; i++) {
      column = modes.tabs().previous(column);
    }
    screen.cursor().moveTo(column);
  }

  @Override
  public void escape(int intermediate, int end) {
    modes.last = 0;
    modes.homed = false;
    switch (intermediate) {
      case 0 -> escape(end);
      case '(' -> designate(Modes.G0, end);
      case ')' -> designate(Modes.G1, end);
      default -> {}
    }
  }

  private void designate(int set, int end) {
    modes.graphics = end == '0' ? modes.graphics | set : modes.graphics & ~set;
  }

  private void escape(int end) {
    switch (end) {
      case '7' -> save();
      case '8' -> restore();
      case 'D' -> screen.index();
      case 'E' -> {
        screen.cursor().carriageReturn();
        screen.index();
      }
      case 'H' -> modes.tabs().set(screen.cursor().column());
      case 'M' -> screen.reverseIndex();
      case 'c' -> {
        screen.reset();
        modes.reset();
      }
      default -> {}
    }
  }

  private void save() {
    modes.save(screen.isAlternate(), screen.row(), screen.cursor().column());
  }

  private void restore() {
    boolean alternate = screen.isAlternate();
    modes.restore(alternate);
    screen.moveTo(modes.savedRow(alternate), modes.savedColumn(alternate));
  }

  @Override
  public void csi(Parameters parameters, int end) {
    boolean homed = modes.homed;
    int last = modes.last;
    modes.homed = false;
    modes.last = 0;
    if (end == 'm' && parameters.isPlain()) {
      modes.pen = Pen.select(modes.pen, parameters);
    } else if (parameters.hasColons()) {
      return;
    } else if (parameters.isPlain()) {
      if (!motion(parameters, end) && !edit(parameters, end, homed)) {
        other(parameters, end, last);
      }
    } else if (parameters.hasPrefix('?') && (end == 'h' || end == 'l')) {
      for (int i = 0; i < parameters.count(); i++) {
        privateMode(parameters.get(i), end == 'h');
      }
    }
  }

  private boolean motion(Parameters parameters, int end) {
    CursorRow cursor = screen.cursor();
    int count = parameters.repeat(0);
    switch (end) {
      case 'A' -> screen.moveBy(-count);
      case 'B' -> screen.moveBy(count);
      case 'C', 'a' -> cursor.moveTo(cursor.column() + count);
      case 'D' -> cursor.moveTo(cursor.column() - count);
      case 'E', 'F' -> {
        screen.moveBy(end == 'E' ? count : -count);
        cursor.moveTo(0);
      }
      case 'G', '`' -> cursor.moveTo(parameters.position(0));
      case 'H', 'f' -> {
        position(parameters.position(0), parameters.position(1));
        modes.homed = screen.row() == 0 && cursor.column() == 0;
      }
      case 'd' -> position(parameters.position(0), cursor.column());
      case 'e' -> screen.moveTo(screen.row() + count, cursor.column());
      case 'I' -> tab(count);
      case 'Z' -> backTab(count);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void position(int row, int column) {
    if (modes.origin) {
      screen.moveTo(Math.min(screen.top() + row, screen.bottom()), column);
    } else {
      screen.moveTo(row, column);
    }
  }

  private boolean edit(Parameters parameters, int end, boolean homed) {
    CursorRow cursor = screen.cursor();
    int count = parameters.repeat(0);
    switch (end) {
      case 'J' -> eraseDisplay(parameters.get(0), homed);
      case 'K' -> eraseLine(parameters.get(0));
      case 'X' -> cursor.eraseCells(count);
      case 'P' -> cursor.deleteCells(count);
      case '@' -> cursor.insertBlanks(count);
      case 'L' -> screen.insertRows(count);
      case 'M' -> screen.insertRows(-count);
      case 'S' -> screen.scroll(count);
      case 'T' -> {
        // With five parameters it tracks the mouse.
        if (parameters.count() < 5) {
          screen.scroll(-count);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void eraseDisplay(int what, boolean homed) {
    switch (what) {
      case 0 -> {
        if (homed && !screen.isAlternate()) {
          screen.clear();
        } else {
          screen.cursor().eraseRight();
          screen.eraseRows(screen.row() + 1, screen.height());
        }
      }
      case 1 -> {
        screen.eraseRows(0, screen.row());
        screen.cursor().eraseLeft();
      }
      case 2 -> {
        if (screen.isAlternate()) {
          screen.eraseRows(0, screen.height());
          screen.cursor().eraseAll();
        } else {
          screen.clear();
        }
      }
      default -> {}
    }
  }

  private void eraseLine(int what) {
    switch (what) {
      case 0 -> screen.cursor().eraseRight();
      case 1 -> screen.cursor().eraseLeft();
      case 2 -> screen.cursor().eraseAll();
      default -> {}
    }
  }

  private void other(Parameters parameters, int end, int last) {
    switch (end) {
      case 'b' -> repeat(last, parameters.repeat(0));
      case 'g' -> clearTabs(parameters.get(0));
      case 'h', 'l' -> {
        for (int i = 0; i < parameters.count(); i++) {
          modes.insert = parameters.get(i) == 4 ? end == 'h' : modes.insert;
        }
      }
      case 'r' -> margins(parameters.position(0), parameters.get(1));
      case 's' -> save();
      case 'u' -> restore();
      default -> {}
    }
  }

  /**
   * Repeats the character before, as far as motion may go: it must not make long rows of nothing.
   */
  private void repeat(int last, int count) {
    if (last != 0) {
      int width = Widths.of(last);
      int room = (CursorRow.MAX_MOTION - screen.cursor().column()) / width;
      for (int i = Math.min(count, room); i > 0; i--) {
        screen.cursor().print(last, modes);
      }
    }
  }

  private void clearTabs(int what) {
    if (what == 0) {
      modes.tabs().clear(screen.cursor().column());
    } else if (what == 3) {
      modes.tabs().clearAll();
    }
  }

  private void margins(int top, int end) {
    int bottom = (end == 0 ? screen.height() : Math.min(end, screen.height())) - 1;
    if (top < bottom) {
      screen.margins(top, bottom);
      position(0, 0);
    }
  }

  private void privateMode(int mode, boolean set) {
    switch (mode) {
      case 6 -> {
        modes.origin = set;
        position(0, 0);
      }
      case 47, 1047 -> alternate(set);
      case CURSOR -> {
        if (set) {
          save();
        } else {
          restore();
        }
      }
      case ALTERNATE_AND_CURSOR -> {
        if (set) {
          save();
          alternate(true);
        } else {
          alternate(false);
          // A lone end of a full-screen program must not send the cursor over what was printed.
          if (modes.hasSaved(false)) {
            restore();
          }
        }
      }
      default -> {}
    }
  }

  private void alternate(boolean set) {
    if (set) {
      screen.enterAlternate();
    } else {
      screen.leaveAlternate();
    }
  }
}
