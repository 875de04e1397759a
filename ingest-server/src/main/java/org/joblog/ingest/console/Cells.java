package org.joblog.ingest.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row taken apart into cells, for as long as it is edited by more than appending and carriage
 * returns. Confined to its lane's thread.
 *
 * <p>A cell holds a code point, or {@link #BLANK}, or {@link #TAIL} for the second half of a wide
 * character, or {@code CLUSTER - n} for the n-th text of several code points. Cells from {@link
 * #width} on are blank.
 */
final class Cells {

  static final int BLANK = 0;
  private static final int TAIL = -1;
  private static final int CLUSTER = -2;

  /** What nobody knows any more: the text of a hidden stream from before a crash. */
  static final int UNKNOWN = Integer.MIN_VALUE;

  /** Enough for any letter with its marks; longer heaps of marks are an attack or an accident. */
  private static final int MAX_CODE_POINTS = 16;

  private static final int FIRST_WIDE = 0x1100;

  private static final int INITIAL_WIDTH = 128;

  /** Arrays beyond this are given back when the row is done. */
  private static final int MAX_IDLE_WIDTH = 512;

  private final int maxWidth;
  private static final int[] NONE = {};
  private int[] codePoints = new int[INITIAL_WIDTH];
  private int[] styles = NONE;

  /** Whether any cell was given a style. */
  private boolean painted;

  private final List<String> clusters = new ArrayList<>(0);
  private int width;
  private long cutBytes;

  Cells(int maxWidth) {
    this.maxWidth = maxWidth;
  }

  int width() {
    return width;
  }

  long cutBytes() {
    return cutBytes;
  }

  void cutBytes(long bytes) {
    cutBytes = bytes;
  }

  /** An empty row. */
  void clear() {
    if (codePoints.length > MAX_IDLE_WIDTH) {
      codePoints = new int[INITIAL_WIDTH];
      styles = NONE;
    } else {
      blank(0, width);
    }
    painted = false;
    clusters.clear();
    width = 0;
    cutBytes = 0;
  }

  /**
   * Overwrites cells with text in which each character has a width.
   *
   * @param columns how many cells it takes
   * @return the column after it
   */
  int putText(int column, byte[] bytes, int from, int to, int columns, int pen) {
    if (column > maxWidth - columns) {
      return putAtTheEnd(column, bytes, from, to, pen);
    }
    int end = column + columns;
    splitWide(column);
    splitWide(end);
    extend(end);
    if (columns == to - from) {
      int source = from - column;
      for (int i = column; i < end; i++) {
        codePoints[i] = bytes[source + i];
      }
    } else {
      decodeText(column, bytes, from, to);
    }
    paint(column, end, pen);
    return end;
  }

  private void decodeText(int column, byte[] bytes, int from, int to) {
    int at = column;
    int i = from;
    while (i < to) {
      int codePoint = Utf8.decode(bytes, i);
      i += Utf8.length(codePoint);
      codePoints[at++] = codePoint;
      if (codePoint >= FIRST_WIDE && Widths.of(codePoint) == 2) {
        codePoints[at++] = TAIL;
      }
    }
  }

  private int putAtTheEnd(int column, byte[] bytes, int from, int to, int pen) {
    int at = column;
    for (int i = from; i < to; i += Utf8.length(bytes[i])) {
      int codePoint = Utf8.decode(bytes, i);
      int columns = Widths.of(codePoint);
      put(at, codePoint, columns, pen);
      at = Math.min(maxWidth, at + columns);
    }
    return at;
  }

  /** Overwrites one or two cells with a character. */
  void put(int column, int codePoint, int columns, int pen) {
    int end = column + columns;
    if (end > maxWidth) {
      cutBytes += Utf8.length(codePoint);
      return;
    }
    splitWide(column);
    splitWide(end);
    extend(end);
    codePoints[column] = codePoint;
    if (columns == 2) {
      codePoints[column + 1] = TAIL;
    }
    paint(column, end, pen);
  }

  /** Joins a mark to the character before a column. */
  void join(int column, int mark) {
    int at = column - 1;
    if (at >= maxWidth) {
      return;
    }
    extend(column);
    if (codePoints[at] == TAIL) {
      at--;
    }
    String before = text(codePoints[at]);
    if (before.codePointCount(0, before.length()) >= MAX_CODE_POINTS) {
      return;
    }
    String cluster = before + Character.toString(mark);
    if (codePoints[at] <= CLUSTER && codePoints[at] != UNKNOWN) {
      clusters.set(CLUSTER - codePoints[at], cluster);
    } else {
      codePoints[at] = CLUSTER - clusters.size();
      clusters.add(cluster);
    }
  }

  /** Cells whose content nobody knows. */
  void putUnknown(int cells) {
    extend(cells);
    Arrays.fill(codePoints, 0, cells, UNKNOWN);
  }

  /** Blanks a range of cells. */
  void erase(int from, int to) {
    int end = Math.min(to, width);
    if (from < end) {
      splitWide(from);
      splitWide(end);
      blank(from, end);
      if (end == width) {
        width = from;
        cutBytes = 0;
      }
    }
  }

  /**
   * Pushes cells from a column on to the right.
   *
   * @param mostWidth how wide the row may grow, if it is not wider already; the rest is lost
   */
  void insert(int column, int count, int mostWidth) {
    if (column >= width) {
      return;
    }
    splitWide(column);
    int end = Math.min(Math.min(maxWidth, Math.max(width, mostWidth)), width + count);
    int moved = Math.max(0, end - column - count);
    splitWide(column + moved);
    extend(end);
    if (moved > 0) {
      System.arraycopy(codePoints, column, codePoints, column + count, moved);
      if (painted) {
        System.arraycopy(styles, column, styles, column + count, moved);
      }
    }
    blank(column, Math.min(end, column + count));
  }

  /** Pulls cells to the left over a range of cells. */
  void delete(int column, int count) {
    if (column >= width) {
      return;
    }
    int next = Math.min(width, column + count);
    splitWide(column);
    splitWide(next);
    System.arraycopy(codePoints, next, codePoints, column, width - next);
    if (painted) {
      System.arraycopy(styles, next, styles, column, width - next);
    }
    int newWidth = width - (next - column);
    blank(newWidth, width);
    width = newWidth;
  }

  /** Cuts the row at a column and counts what is lost. */
  void truncate(int column) {
    if (width > column) {
      long lost = cutBytes;
      for (int i = column; i < width; i++) {
        lost += codePoints[i] == TAIL ? 0 : bytes(codePoints[i]);
      }
      erase(column, width);
      cutBytes = lost;
    }
  }

  /** Overwriting half of a wide character blanks the other half. */
  private void splitWide(int column) {
    if (column > 0 && column < width && codePoints[column] == TAIL) {
      codePoints[column - 1] = BLANK;
      codePoints[column] = BLANK;
    }
  }

  private void blank(int from, int to) {
    Arrays.fill(codePoints, from, to, BLANK);
    if (painted) {
      Arrays.fill(styles, from, to, Pen.PLAIN);
    }
  }

  private void paint(int from, int to, int pen) {
    if (!painted) {
      if (pen == Pen.PLAIN) {
        return;
      }
      painted = true;
      styles = styles.length < codePoints.length ? new int[codePoints.length] : styles;
    }
    for (int i = from; i < to; i++) {
      styles[i] = pen;
    }
  }

  private void extend(int end) {
    if (end > codePoints.length) {
      int length = Math.min(maxWidth, Math.max(end, codePoints.length * 2));
      codePoints = Arrays.copyOf(codePoints, length);
      styles = painted ? Arrays.copyOf(styles, length) : NONE;
    }
    width = Math.max(width, end);
  }

  // To and from text

  /** The text of a cell. */
  private String text(int cell) {
    if (cell == BLANK) {
      return " ";
    }
    if (cell == UNKNOWN) {
      return "\0";
    }
    return cell <= CLUSTER ? clusters.get(CLUSTER - cell) : Character.toString(cell);
  }

  private int bytes(int cell) {
    if (cell >= 0) {
      return cell == BLANK ? 1 : Utf8.length(cell);
    }
    return cell == TAIL ? 0 : text(cell).codePoints().map(Utf8::length).sum();
  }

  /** The columns that are not blank at the end, exclusive. */
  int trimmedWidth() {
    int end = width;
    while (end > 0 && (codePoints[end - 1] == BLANK || codePoints[end - 1] == ' ')) {
      end--;
    }
    return end;
  }

  /** Bytes that {@link #encode} writes. */
  int encodedLength(int end) {
    int length = 0;
    for (int i = 0; i < end; i++) {
      length += bytes(codePoints[i]);
    }
    return length;
  }

  /** Writes the row up to a column as UTF-8. */
  void encode(byte[] out, int from, int end) {
    int at = from;
    for (int i = 0; i < end; i++) {
      at = encodeCell(codePoints[i], out, at);
    }
  }

  private int encodeCell(int cell, byte[] out, int start) {
    if (cell > 0) {
      return Utf8.encode(cell, out, start);
    }
    if (cell == BLANK) {
      out[start] = ' ';
      return start + 1;
    }
    int at = start;
    if (cell != TAIL) {
      String text = text(cell);
      for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
        at = Utf8.encode(text.codePointAt(i), out, at);
      }
    }
    return at;
  }

  /** Where in the text each style begins, as pairs; null if no cell has a style. */
  int @Nullable [] styleRuns(int end) {
    if (!painted) {
      return null;
    }
    int[] pairs = new int[8];
    int count = 0;
    int offset = 0;
    int current = Pen.PLAIN;
    for (int i = 0; i < end; i++) {
      if (styles[i] != current && codePoints[i] != TAIL) {
        current = styles[i];
        if (count == pairs.length) {
          pairs = Arrays.copyOf(pairs, count * 2);
        }
        pairs[count++] = offset;
        pairs[count++] = current;
      }
      offset += bytes(codePoints[i]);
    }
    return count == 0 ? null : Arrays.copyOf(pairs, count);
  }

  /** Takes a row's text apart. */
  void decode(byte[] bytes, int from, int to, int @Nullable [] styleRuns) {
    clear();
    int column = 0;
    int run = 0;
    int pen = Pen.PLAIN;
    for (int i = from; i < to; i += Utf8.length(bytes[i])) {
      if (styleRuns != null && run < styleRuns.length && styleRuns[run] <= i - from) {
        pen = styleRuns[run + 1];
        run += 2;
      }
      int codePoint = Utf8.decode(bytes, i);
      int columns = codePoint < 0x80 ? 1 : Widths.of(codePoint);
      if (columns == 0) {
        join(column, codePoint);
      } else {
        put(column, codePoint == 0 ? UNKNOWN : codePoint, columns, pen);
        column += columns;
      }
    }
  }
}
