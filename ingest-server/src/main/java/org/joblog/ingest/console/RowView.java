package org.joblog.ingest.console;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Shows rows as those outside see them: right-trimmed, with what was cut told at the end, with
 * their colours beside. Confined to its lane's thread.
 */
final class RowView {

  private static final byte[] NONE = new byte[0];

  private final RowTexts texts;
  private final Row view = new Row();

  /** The cursor's row and what is shown in its place, for onlookers. */
  private @Nullable Line open;

  private @Nullable Line shown;
  private RowTexts shownTexts;

  RowView(RowTexts texts) {
    this.texts = texts;
    shownTexts = texts;
  }

  /** From now on one row is shown as another, whose text lies elsewhere. */
  void replace(@Nullable Line line, @Nullable Line by, RowTexts with) {
    open = line;
    shown = by;
    shownTexts = with;
  }

  Row of(Line line) {
    if (shown == null && line.isBare()) {
      byte[] bytes = texts.of(line);
      int to = line.to;
      while (to > line.from && bytes[to - 1] == ' ') {
        to--;
      }
      return view.set(bytes, line.from, to)
          .tell(line.kind(), line.firstAtMicros(), line.lastAtMicros(), 0)
          .styles(null);
    }
    return special(line);
  }

  private Row special(Line line) {
    Line actual = actual(line);
    byte[] bytes = textsOf(line).of(actual);
    int to = trimmedEnd(line);
    view.styles(actual.styles());
    view.tell(actual.kind(), actual.firstAtMicros(), actual.lastAtMicros(), actual.cutBytes());
    return actual.cutBytes() == 0
        ? view.set(bytes, actual.from, to)
        : withCut(bytes, actual.from, actual.to, actual.cutBytes());
  }

  /** The row without its text. */
  Row empty(Line line) {
    return of(line).set(NONE, 0, 0).styles(null);
  }

  /** Shows the rows of a window but for blank ones at its end. */
  void forEach(Window window, RowVisitor visitor) {
    forEach(window, 0, end(window), visitor);
  }

  /** Shows what a full-screen program left: what scrolled away and what stands there. */
  void forEachHeld(Window held, Window alternate, RowVisitor visitor) {
    int heldEnd = end(alternate) > 0 ? held.used() : end(held);
    int start = begin(held, heldEnd);
    forEach(held, start, heldEnd, visitor);
    int end = end(alternate);
    forEach(alternate, start < heldEnd ? 0 : begin(alternate, end), end, visitor);
  }

  private void forEach(Window window, int from, int to, RowVisitor visitor) {
    for (int i = from; i < to; i++) {
      visitor.row(of(window.row(i)));
    }
  }

  private int begin(Window window, int end) {
    int begin = 0;
    while (begin < end && isBlank(window.row(begin))) {
      begin++;
    }
    return begin;
  }

  private int end(Window window) {
    int end = window.used();
    while (end > 0 && isBlank(window.row(end - 1))) {
      end--;
    }
    return end;
  }

  private boolean isBlank(Line line) {
    return trimmedEnd(line) == actual(line).from;
  }

  private int trimmedEnd(Line line) {
    Line actual = actual(line);
    byte[] bytes = textsOf(line).of(actual);
    int end = actual.to;
    while (end > actual.from && bytes[end - 1] == ' ') {
      end--;
    }
    return end;
  }

  private Line actual(Line line) {
    Line by = shown;
    return line == open && by != null ? by : line;
  }

  private RowTexts textsOf(Line line) {
    return line == open ? shownTexts : texts;
  }

  private Row withCut(byte[] bytes, int from, int to, long cut) {
    byte[] told = ("…[+" + cut + " bytes]").getBytes(StandardCharsets.UTF_8);
    byte[] text = new byte[to - from + told.length];
    System.arraycopy(bytes, from, text, 0, to - from);
    System.arraycopy(told, 0, text, to - from, told.length);
    return view.set(text, 0, text.length);
  }
}
