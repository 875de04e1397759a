package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The row of the cursor, in the cheapest form that can hold what is done to it. Confined to its
 * lane's thread.
 *
 * <ul>
 *   <li>{@code CLOSED}: the text lies in {@link RowTexts} like that of every other row.
 *   <li>{@code PLAIN}: text is being appended. What it overwrites after a carriage return lies
 *       beneath it untouched, so that a progress bar costs what plain text costs: a bar that covers
 *       the one before replaces it, without a cell being looked at.
 *   <li>{@code CELLS}: taken apart, for everything else.
 * </ul>
 */
final class CursorRow {

  private enum Form {
    CLOSED,
    PLAIN,
    CELLS
  }

  private static final byte[] BLANKS = "        ".getBytes(StandardCharsets.US_ASCII);

  /** Motion makes no blanks beyond this column or the row's own length. */
  static final int MAX_MOTION = 1024;

  /** Rows longer than this are taken apart only {@link #MAX_REOPENED} times, then cut to it. */
  private static final int LONG_ROW = 1024;

  private static final int MAX_REOPENED = 64;

  /** Rows up to this length are measured exactly where a hidden stream is read again. */
  private static final int EXACT_WIDTH = 4096;

  private final ConsoleLimits limits;
  private final RowTexts texts;
  private final SegmentText segment;
  private final Overlay overlay;
  private final CellEditor cells;
  private final byte[] one = new byte[Utf8.MAX_BYTES];
  private Line line;
  private Form form = Form.CLOSED;

  /** Column of the cursor, in {@code PLAIN} the columns of the text. */
  private int column;

  /** A carriage return came and nothing after it: in {@code PLAIN} it has not had its effect. */
  private boolean returned;

  /** Whether in {@code PLAIN} the text is exactly what the segment is. */
  private boolean pure;

  CursorRow(ConsoleLimits limits, RowTexts texts, Line line) {
    this.limits = limits;
    this.texts = texts;
    this.line = line;
    overlay = new Overlay(texts);
    cells = new CellEditor(limits, texts);
    segment = new SegmentText(limits.segmentBytes());
  }

  /** The row's place; its text is what it was when the row was closed. */
  Line line() {
    return line;
  }

  /** Text beneath the row, a place of its own in {@link RowTexts}. */
  Line beneath() {
    return overlay.line();
  }

  int column() {
    return form == Form.PLAIN && returned ? 0 : column;
  }

  /** Whether nothing was printed since the beginning of the line, and the cursor did not move. */
  boolean isFresh() {
    return form == Form.CLOSED && column == 0 && !returned && line.isEmpty() && segment.isFresh();
  }

  /** The cursor is at the beginning of a new line, and the last was {@link #isFresh} until now. */
  void nextFresh(Line other) {
    line = other;
  }

  boolean isBlank() {
    return form == Form.CLOSED && line.isEmpty();
  }

  /** Whether a line was begun, here or on another row, and goes on here. */
  boolean isOpen() {
    return column() > 0 || !isBlank() || !(returned || segment.isLive());
  }

  // Where the cursor goes

  /** The cursor is on another row, whose own text counts; the last row was closed. */
  void enter(Line other, int at) {
    line = other;
    column = at;
    form = Form.CLOSED;
    returned = false;
    breakSegment();
  }

  /** Motion ends a segment; at the beginning of an empty row the next one begins. */
  private void breakSegment() {
    if (column == 0 && isBlank()) {
      segment.restart();
    } else {
      segment.kill();
    }
  }

  /** The cursor is on an empty row in the middle of a line that was begun elsewhere. */
  void enterWithin(Line other) {
    enter(other, 0);
    segment.kill();
  }

  /** The cursor is at the beginning of a new line. */
  void enterFresh(Line other) {
    enter(other, 0);
    segment.restart();
  }

  /** The row's text is gone. */
  void forget() {
    cells.clear();
    line.clearText();
    overlay.clear();
    enter(line, 0);
  }

  void carriageReturn() {
    returned = true;
    if (form != Form.PLAIN) {
      column = 0;
    }
  }

  /** The cursor moves within the row, no further than is allowed. */
  void moveTo(int target) {
    if (form == Form.PLAIN) {
      close();
    }
    returned = false;
    int length = form == Form.CELLS ? cells.width() : line.length();
    column = Math.clamp(target, 0, Math.max(MAX_MOTION, length));
    breakSegment();
  }

  /** Moves to a tab stop: in text that is appended the same as blanks. */
  void tab(int target) {
    if (isBlank() && column == 0) {
      form = Form.PLAIN;
      overlay.clear();
      pure = segment.isFresh();
    }
    if (form == Form.PLAIN && !returned && !overlay.shows(column) && target <= MAX_MOTION) {
      if (!pure) {
        segment.append(BLANKS, 0, 1);
      }
      appendBlanks(target - column);
    } else if (target > column()) {
      moveTo(target);
    }
  }

  private void appendBlanks(int count) {
    for (int left = count; left > 0; left -= BLANKS.length) {
      int now = Math.min(left, BLANKS.length);
      appendPlain(BLANKS, 0, now, now);
    }
  }

  // What is printed

  /** Prints a run of characters that each have a width. */
  void text(byte[] bytes, int from, int to, int columns, Modes modes) {
    if (form == Form.PLAIN && (modes.edits() || (returned && overlay.isCostly(line, column)))) {
      takeApart();
    }
    if (returned) {
      beginSegment();
    }
    if (form == Form.CLOSED) {
      open(modes);
    }
    if (form == Form.PLAIN) {
      if (!pure) {
        segment.append(bytes, from, to);
      }
      appendPlain(bytes, from, to, columns);
    } else {
      segment.append(bytes, from, to);
      column = cells.print(column, bytes, from, to, columns, modes);
    }
    line.touch(texts.nowMicros());
  }

  /** Prints a single character, or joins a mark to the one before. */
  void print(int codePoint, Modes modes) {
    int length = Utf8.encode(codePoint, one, 0);
    int columns = Widths.of(codePoint);
    if (columns > 0) {
      text(one, 0, length, columns, modes);
    } else if (column() > 0) {
      takeApart();
      segment.append(one, 0, length);
      cells.join(column, codePoint);
      line.touch(texts.nowMicros());
    }
  }

  private void appendPlain(byte[] bytes, int from, int to, int columns) {
    int room = limits.rowBytes() - line.length();
    long cut = line.cutBytes();
    if (cut > 0) {
      line.cutBytes(cut + to - from);
    } else if (to - from > room) {
      int end = Utf8.boundary(bytes, from, from + room, to);
      texts.append(line, bytes, from, end);
      column += Utf8.columns(bytes, from, end);
      line.cutBytes(to - end);
    } else {
      texts.append(line, bytes, from, to);
      column += columns;
    }
  }

  /** Chooses the form for text at the cursor. */
  private void open(Modes modes) {
    if (line.length() > LONG_ROW && line.reopen() > MAX_REOPENED) {
      takeApart();
      cells.truncate(LONG_ROW);
      return;
    }
    if (modes.edits() || !line.isBare()) {
      takeApart();
    } else if (column == 0) {
      form = Form.PLAIN;
      overlay.take(line, Utf8.columns(texts.of(line), line.from, line.to));
      pure = segment.isFresh();
    } else if (column == Utf8.columns(texts.of(line), line.from, line.to)) {
      form = Form.PLAIN;
      overlay.clear();
      pure = false;
    } else {
      takeApart();
    }
  }

  /** Text follows a carriage return. */
  private void beginSegment() {
    returned = false;
    segment.restart();
    if (form != Form.PLAIN) {
      return;
    }
    if (column >= overlay.columns()) {
      overlay.take(line, column);
    } else {
      overlay.cover(line, column);
      line.clearText();
    }
    column = 0;
    pure = true;
  }

  // What is erased and shifted

  /** Erases from the cursor to the end of the row. */
  void eraseRight() {
    if (form == Form.PLAIN && !returned) {
      if (overlay.shows(column)) {
        line.touch(texts.nowMicros());
      }
      overlay.clear();
    } else if (column() == 0) {
      eraseAll();
    } else if (!isBlank()) {
      takeApart();
      cells.erase(column, cells.width());
    }
  }

  /** Erases from the beginning of the row through the cursor. */
  void eraseLeft() {
    if (beginEdit()) {
      cells.eraseLeft(column + 1);
    }
  }

  /** Erases the row; the cursor stays. */
  void eraseAll() {
    int at = column();
    if (!isBlank()) {
      line.touch(texts.nowMicros());
    }
    if (form == Form.CELLS) {
      cells.clear();
    }
    line.clearText();
    overlay.clear();
    form = Form.CLOSED;
    column = at;
    breakSegment();
    returned = false;
  }

  void eraseCells(int count) {
    if (beginEdit()) {
      cells.erase(column, column + count);
    }
  }

  void insertBlanks(int count) {
    if (beginEdit()) {
      cells.insertBlanks(column, count);
    }
  }

  void deleteCells(int count) {
    if (beginEdit()) {
      cells.delete(column, count);
    }
  }

  private boolean beginEdit() {
    if (isBlank()) {
      returned = false;
      breakSegment();
      return false;
    }
    segment.kill();
    takeApart();
    returned = false;
    line.touch(texts.nowMicros());
    return true;
  }

  // Forms

  /** Brings the row's text to its place; the cursor keeps its column. */
  void close() {
    switch (form) {
      case CLOSED -> {}
      case PLAIN -> closePlain();
      case CELLS -> cells.close(line);
    }
    form = Form.CLOSED;
  }

  private void closePlain() {
    if (pure) {
      segment.append(texts.of(line), line.from, line.to);
      pure = false;
    }
    if (overlay.shows(column)) {
      overlay.cover(line, column);
      overlay.giveTo(line);
    } else {
      overlay.clear();
    }
    if (returned) {
      column = 0;
    }
  }

  private void takeApart() {
    if (form == Form.CELLS) {
      return;
    }
    close();
    cells.open(line, texts);
    form = Form.CELLS;
  }

  // What others see

  /** Closes the row at a line feed, and returns its segment if it may be a command or an object. */
  @Nullable Segment endOfLine(Segment view) {
    if (form == Form.PLAIN && pure && !overlay.shows(column)) {
      pure = false;
      byte[] bytes = texts.of(line);
      boolean candidate =
          !line.isEmpty()
              && SegmentText.mayBegin(bytes[line.from])
              && line.length() <= limits.segmentBytes();
      close();
      return candidate ? view.set(bytes, line.from, line.to) : null;
    }
    close();
    return segment.isCandidate() ? segment.view(view) : null;
  }

  /** The row as it stands, for those who look on: its text, right-trimmed, in a row of its own. */
  Line shown(RowTexts copies) {
    Line copy = new Line();
    line.copyFacts(copy);
    switch (form) {
      case CLOSED -> copies.set(copy, texts.of(line), line.from, line.to);
      case PLAIN -> {
        byte[] seen = overlay.seen(line, column);
        copies.set(copy, seen, 0, seen.length);
        copy.cutBytes((overlay.shows(column) ? overlay.line() : line).cutBytes());
      }
      case CELLS -> cells.show(copy, copies);
    }
    return copy;
  }

  /**
   * Columns up to the last that is not blank. Exact for any row that a command could overwrite; of
   * longer rows an upper bound, which costs nothing.
   */
  int trimmedColumns() {
    if (form == Form.CELLS) {
      return cells.trimmedWidth();
    }
    int length = overlay.maxLength(line) - 1;
    if (length > EXACT_WIDTH) {
      return form == Form.PLAIN ? Math.max(column, overlay.columns()) : length;
    }
    byte[] seen = overlay.seen(line, column);
    int end = seen.length;
    while (end > 0 && seen[end - 1] == ' ') {
      end--;
    }
    return Utf8.columns(seen, 0, end);
  }

  // Checkpoints

  void writeTo(DataOutput out) throws IOException {
    out.writeUTF(form.name());
    out.writeInt(column);
    out.writeBoolean(returned);
    out.writeBoolean(pure);
    overlay.writeTo(out);
    segment.writeTo(out);
    if (form == Form.CELLS) {
      RowTexts own = RowTexts.ofOne();
      shown(own).writeTo(out, own);
    }
  }

  /** Reads what {@link #writeTo} wrote; the row's own text was read with its window. */
  void readFrom(DataInput in) throws IOException {
    Form stored = Form.valueOf(in.readUTF());
    column = in.readInt();
    returned = in.readBoolean();
    pure = in.readBoolean();
    overlay.readFrom(in);
    segment.readFrom(in);
    if (stored == Form.CELLS) {
      RowTexts own = RowTexts.ofOne();
      Line open = Line.readFrom(in, own);
      cells.open(open, own);
    }
    form = stored;
  }

  /**
   * The row holds cells whose content nobody knows, and the cursor stands somewhere on it. Without
   * any it is an empty row: what is printed next begins a line.
   */
  void restoreUnknown(int columns, int at) {
    if (columns > 0) {
      cells.openUnknown(columns);
      form = Form.CELLS;
    }
    column = at;
    if (at == 0) {
      segment.restart();
    }
  }
}
