package org.joblog.ingest.console;

import org.jspecify.annotations.Nullable;

/**
 * Takes a row apart into cells, edits it within bounds, and puts its text together again. Cells are
 * made when the first row of a stream is edited: most streams need none. Confined to its lane's
 * thread.
 */
final class CellEditor {

  /** Rows longer than this are cut when cells are shifted, which costs their whole length. */
  private static final int MAX_SHIFTED = 16 << 10;

  private final ConsoleLimits limits;
  private final RowTexts texts;
  private @Nullable Cells cells;

  CellEditor(ConsoleLimits limits, RowTexts texts) {
    this.limits = limits;
    this.texts = texts;
  }

  private Cells cells() {
    Cells row = cells;
    if (row == null) {
      row = new Cells(limits.rowBytes());
      cells = row;
    }
    return row;
  }

  // To and from text

  /** Takes a row apart, which loses its text. */
  void open(Line line, RowTexts itsTexts) {
    Cells row = cells();
    row.decode(itsTexts.of(line), line.from, line.to, line.styles());
    row.cutBytes(line.cutBytes());
    line.dropText();
  }

  /** Puts a row together, right-trimmed and no longer than a row may be. */
  void close(Line line) {
    Cells row = cells();
    int end = row.trimmedWidth();
    int length = row.encodedLength(end);
    int[] styles = styles(end);
    if (length <= limits.rowBytes()) {
      row.encode(texts.place(line, length), line.from, end);
      line.cutBytes(row.cutBytes());
    } else {
      byte[] encoded = new byte[length];
      row.encode(encoded, 0, end);
      int kept = Utf8.boundary(encoded, 0, limits.rowBytes(), length);
      texts.set(line, encoded, 0, kept);
      line.cutBytes(row.cutBytes() + length - kept);
    }
    line.styles(styles);
    row.clear();
  }

  /**
   * Gives the text as it stands to a copy of the row, with blanks at the end: they may have a style
   * that shows once text follows.
   */
  void show(Line copy, RowTexts copies) {
    int end = cells().width();
    byte[] seen = new byte[cells().encodedLength(end)];
    cells().encode(seen, 0, end);
    copies.set(copy, seen, 0, seen.length);
    copy.styles(styles(end));
    copy.cutBytes(cells().cutBytes());
  }

  private int @Nullable [] styles(int end) {
    return limits.colours() ? cells().styleRuns(end) : null;
  }

  /** Opens a row of cells whose content nobody knows. */
  void openUnknown(int columns) {
    cells().putUnknown(Math.min(columns, limits.rowBytes()));
  }

  /** Forgets the row, if one is open. */
  void clear() {
    if (cells != null) {
      cells.clear();
    }
  }

  // Edits

  int width() {
    return cells().width();
  }

  /** Columns up to the last that is not blank. */
  int trimmedWidth() {
    return cells().trimmedWidth();
  }

  /** Prints characters that each have a width, and returns the column after them. */
  int print(int column, byte[] bytes, int from, int to, int columns, Modes modes) {
    Cells row = cells();
    if (modes.insert) {
      row.truncate(MAX_SHIFTED);
      row.insert(column, columns, limits.rowBytes());
    }
    return row.putText(column, bytes, from, to, columns, modes.pen);
  }

  /** Joins a mark to the character before a column. */
  void join(int column, int mark) {
    cells().join(column, mark);
  }

  void truncate(int column) {
    cells().truncate(column);
  }

  /** Blanks cells, {@code to} exclusive. */
  void erase(int from, int to) {
    cells().erase(from, to);
  }

  /** Blanks cells from the beginning of the row, {@code to} exclusive. */
  void eraseLeft(int to) {
    cells().truncate(MAX_SHIFTED);
    cells().erase(0, to);
  }

  void insertBlanks(int column, int count) {
    cells().truncate(MAX_SHIFTED);
    cells().insert(column, count, CursorRow.MAX_MOTION);
  }

  void delete(int column, int count) {
    cells().truncate(MAX_SHIFTED);
    cells().delete(column, count);
  }
}
