package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The window, the cursor in it, and what makes rows final. Confined to its lane's thread.
 *
 * <p>Beside the window there is at most one more, the {@link AlternateScreen} of a full-screen
 * program.
 */
final class Screen implements RowTexts.Rows {

  private final ConsoleLimits limits;
  private final Console.Outlet outlet;
  private final RowTexts texts = new RowTexts(this);
  private final RowView view;
  private final Segment segmentView = new Segment();
  private final Window primary;
  private final CursorRow cursor;
  private final Completion completion;
  private @Nullable AlternateScreen alternate;
  private int row;
  private int top;
  private int bottom;
  private boolean hidden;
  private boolean givenUp;

  Screen(ConsoleLimits limits, Console.Outlet outlet) {
    this.limits = limits;
    this.outlet = outlet;
    view = new RowView(texts);
    completion = new Completion(outlet, view);
    primary = new Window(limits.windowRows());
    cursor = new CursorRow(limits, texts, primary.reach(0, 0));
    cursor.enterFresh(cursor.line());
    bottom = height() - 1;
  }

  RowTexts texts() {
    return texts;
  }

  CursorRow cursor() {
    return cursor;
  }

  int row() {
    return row;
  }

  int height() {
    return hidden ? 1 : limits.windowRows();
  }

  int top() {
    return top;
  }

  int bottom() {
    return bottom;
  }

  boolean isAlternate() {
    return alternate != null;
  }

  boolean isHidden() {
    return hidden;
  }

  /** Whether the open line of a hidden stream can be no command and no object any more. */
  boolean isGivenUp() {
    return givenUp;
  }

  void giveUp(boolean now) {
    givenUp = now;
  }

  private Window window() {
    return alternate == null ? primary : alternate.window();
  }

  // Lines

  /** The line is complete: its row is looked at, and the cursor begins the next. */
  void lineFeed() {
    Line line = cursor.line();
    Segment segment = cursor.endOfLine(segmentView);
    if (!line.isCompleted() && !complete(line, segment)) {
      return;
    }
    advance();
    cursor.enterFresh(window().row(row));
  }

  /**
   * Takes a whole line of plain text, as nearly all are, without asking what else could be.
   *
   * @return false if something else could be, and it must be taken the long way
   */
  boolean plainLine(byte[] bytes, int from, int to, Modes modes) {
    if (!cursor.isFresh() || modes.edits() || to - from > limits.rowBytes()) {
      return false;
    }
    Line line = cursor.line();
    Segment segment = null;
    if (from < to) {
      texts.setPushed(line, from, to);
      line.touch(texts.nowMicros());
      if (SegmentText.mayBegin(bytes[from]) && to - from <= limits.segmentBytes()) {
        segment = segmentView.set(bytes, from, to);
      }
    }
    modes.last = 0;
    modes.homed = false;
    if (line.isCompleted() || complete(line, segment)) {
      advance();
      cursor.nextFresh(window().row(row));
    }
    return true;
  }

  private boolean complete(Line line, @Nullable Segment segment) {
    return completion.complete(line, segment, givenUp && hidden);
  }

  /** One row down, same column; scrolls at the bottom. */
  void index() {
    int column = leave();
    advance();
    arrive(column);
  }

  /** One row up, same column; scrolls at the top. */
  void reverseIndex() {
    int column = leave();
    if (row == top) {
      window().scrollDown(top, bottom, 1, texts.nowMicros());
    } else if (row > 0) {
      row--;
    }
    arrive(column);
  }

  private void advance() {
    if (cursor.line().length() > limits.windowBytes() / limits.windowRows()) {
      shedRows();
    }
    if (row == bottom) {
      scrollUp(1);
    } else if (row < height() - 1) {
      row++;
      window().reach(row, texts.nowMicros());
    }
  }

  /** The rows together are too long: the top ones become final early. */
  private void shedRows() {
    Window window = window();
    long bytes = 0;
    for (int i = 0; i < window.used(); i++) {
      bytes += window.row(i).length();
    }
    while (bytes > limits.windowBytes() && row > 0) {
      bytes -= window.row(0).length();
      leaveTop(window.takeTop());
      row--;
    }
  }

  /** Closes the cursor's row and returns its column. */
  private int leave() {
    int column = cursor.column();
    cursor.close();
    return column;
  }

  private void arrive(int column) {
    cursor.enter(window().reach(row, texts.nowMicros()), column);
  }

  // Motion

  /** Moves the cursor within the window; where it cannot go it stops. */
  void moveTo(int newRow, int column) {
    int target = Math.clamp(newRow, 0, height() - 1);
    if (target != row) {
      leave();
      row = target;
      arrive(0);
    }
    cursor.moveTo(column);
  }

  /** Moves the cursor up or down; a margin that it is within stops it. */
  void moveBy(int rows) {
    int least = row >= top ? top : 0;
    int most = row <= bottom ? bottom : height() - 1;
    moveTo(Math.clamp(row + rows, least, most), cursor.column());
  }

  void margins(int newTop, int newBottom) {
    top = newTop;
    bottom = newBottom;
  }

  // Rows

  /** Scrolls the region up: its upper rows leave. */
  private void scrollUp(int count) {
    Window window = window();
    if (top > 0) {
      window.scrollUp(top, bottom, count, texts.nowMicros());
      return;
    }
    window.reach(bottom, texts.nowMicros());
    for (int i = Math.min(count, bottom + 1); i > 0; i--) {
      scrollOff(window);
    }
  }

  /** The top row leaves, and an empty one comes at the bottom margin. */
  private void scrollOff(Window window) {
    Line fresh;
    if (alternate == null) {
      leaveTop(window.row(0));
      fresh = window.rotate();
    } else {
      leaveTop(window.takeTop());
      fresh = new Line();
      window.append(fresh);
    }
    fresh.reset(texts.nowMicros());
    if (bottom < window.used() - 1) {
      window.replace(window.used() - 1, bottom, fresh);
    }
  }

  /** Inserts or, below zero, deletes rows at the cursor, which goes to the first column. */
  void insertRows(int count) {
    if (row < top || row > bottom) {
      return;
    }
    leave();
    if (count >= 0) {
      window().scrollDown(row, bottom, count, texts.nowMicros());
    } else {
      window().scrollUp(row, bottom, -count, texts.nowMicros());
    }
    arrive(0);
  }

  /** Scrolls the region by whole rows, up or, below zero, down; the cursor stays. */
  void scroll(int count) {
    int column = leave();
    if (count >= 0) {
      scrollUp(count);
    } else {
      window().scrollDown(top, bottom, -count, texts.nowMicros());
    }
    arrive(column);
  }

  /** Erases rows, {@code to} exclusive. */
  void eraseRows(int from, int to) {
    Window window = window();
    for (int i = from; i < Math.min(to, window.used()); i++) {
      Line line = window.row(i);
      if (i != row && !line.isEmpty()) {
        line.clearText();
        line.touch(texts.nowMicros());
      }
    }
  }

  /** A row leaves the window at its top. */
  private void leaveTop(Line line) {
    if (alternate != null) {
      alternate.hold(line);
    } else if (!hidden) {
      outlet.finished(view.of(line));
    }
  }

  // What makes rows final

  /** All rows that have text become final; the cursor stays where it is, in an empty window. */
  void clear() {
    int column = leave();
    finish();
    arrive(column);
  }

  /** All rows become final, those of a full-screen program too, and the cursor goes home. */
  void commit() {
    boolean open = isOpen();
    leave();
    finish();
    home(open);
  }

  /** All rows become final, and everything is as at the beginning. */
  void reset() {
    leave();
    finish();
    alternate = null;
    home(false);
  }

  /** The stream is over. */
  void end() {
    Line line = cursor.line();
    Segment segment = cursor.endOfLine(segmentView);
    if (!line.isEmpty() && !line.isCompleted() && !complete(line, segment)) {
      return;
    }
    finish();
    home(false);
  }

  private boolean isOpen() {
    return !completion.isAsking() && (givenUp || cursor.isOpen());
  }

  private void finish() {
    if (!hidden) {
      view.forEach(primary, outlet::finished);
      if (alternate != null) {
        alternate.forEach(view, outlet::finished);
      }
    }
    forget();
  }

  private void forget() {
    primary.clear();
    alternate = alternate == null ? null : new AlternateScreen(limits);
    texts.clear();
    completion.emptied();
  }

  private void home(boolean openLine) {
    row = 0;
    top = 0;
    bottom = height() - 1;
    givenUp = openLine && hidden;
    Line line = window().reach(0, texts.nowMicros());
    if (openLine) {
      cursor.enterWithin(line);
    } else {
      cursor.enterFresh(line);
    }
  }

  /** Nothing is shown, and nothing kept but the row of the cursor, from now on or no more. */
  void hide(boolean now) {
    boolean open = isOpen();
    cursor.forget();
    forget();
    hidden = now;
    home(open);
  }

  // The alternate window

  void enterAlternate() {
    if (alternate == null) {
      int column = leave();
      alternate = new AlternateScreen(limits);
      arrive(column);
    }
  }

  /** Leaves the alternate window, and what stood there is gone. */
  void leaveAlternate() {
    if (alternate != null) {
      int column = leave();
      alternate = null;
      arrive(column);
    }
  }

  // Those who look on

  void forEachRow(RowVisitor visitor) {
    if (!hidden) {
      RowTexts copies = RowTexts.ofOne();
      view.replace(cursor.line(), cursor.shown(copies), copies);
      view.forEach(primary, visitor);
      if (alternate != null) {
        alternate.forEach(view, visitor);
      }
      view.replace(null, null, texts);
    }
  }

  // Where the rows' text lies: in their order, what is beneath the cursor's before it

  @Override
  public int count() {
    return primary.used() + (alternate == null ? 0 : alternate.count()) + 1;
  }

  @Override
  public Line row(int index) {
    int above = alternate == null ? 0 : primary.used() + alternate.held();
    int beneath = Math.min(above + row, count() - 1);
    if (index == beneath) {
      return cursor.beneath();
    }
    int line = index < beneath ? index : index - 1;
    return alternate == null || line < primary.used()
        ? primary.row(line)
        : alternate.row(line - primary.used());
  }

  // Checkpoints

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(row);
    out.writeInt(top);
    out.writeInt(bottom);
    primary.writeTo(out, texts);
    out.writeBoolean(alternate != null);
    if (alternate != null) {
      alternate.writeTo(out, texts);
    }
    cursor.writeTo(out);
  }

  void readFrom(DataInput in) throws IOException {
    forget();
    row = in.readInt();
    top = in.readInt();
    bottom = in.readInt();
    primary.readFrom(in, texts);
    if (in.readBoolean()) {
      alternate = new AlternateScreen(limits);
      alternate.readFrom(in, texts);
    }
    cursor.enter(window().row(row), 0);
    cursor.readFrom(in);
  }

  /** A hidden console after a crash: a row of which nobody knows more than its width. */
  void restoreHidden(boolean inAlternate, int columns, int column) {
    hide(true);
    if (inAlternate) {
      enterAlternate();
    }
    cursor.restoreUnknown(columns, column);
  }
}
