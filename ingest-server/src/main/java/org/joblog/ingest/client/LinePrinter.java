package org.joblog.ingest.client;

import java.io.PrintWriter;

/**
 * Prints lines of a log. On a terminal one more, which may still change, stands below them and is
 * drawn over in place. Confined to one thread.
 */
public final class LinePrinter {

  private static final String ERASE = "\r\u001b[K";

  /** A row that wrapped could not be drawn over (DECAWM of VT100). */
  private static final String NO_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;
  private final Style style;
  private boolean drawn;

  /**
   * How lines look. Immutable.
   *
   * @param json whether rows are printed as they came
   * @param times whether each line begins with its time
   * @param colours whether colours are kept
   * @param terminal whether what is printed can be drawn over
   */
  public record Style(boolean json, boolean times, boolean colours, boolean terminal) {}

  public LinePrinter(PrintWriter out, Style style) {
    this.out = out;
    this.style = style;
  }

  /** Prints a line for good. */
  public void print(Row line) {
    erase();
    out.print(text(line));
    out.print('\n');
  }

  /** Draws a line that may change, on a terminal. */
  void draw(Row line) {
    if (style.terminal && !style.json) {
      erase();
      out.print(NO_WRAP + text(line) + WRAP);
      drawn = true;
    }
  }

  private void erase() {
    if (drawn) {
      out.print(ERASE);
      drawn = false;
    }
  }

  /** Hands on what was printed; false if nobody takes it any more. */
  public boolean flush() {
    return !out.checkError();
  }

  /** Lines of a log have a body; lines of a stream have a text, and with colours if it has some. */
  private static String textOf(Row line) {
    if (line.values().containsKey("body")) {
      return line.get("body");
    }
    return line.get("ansi").isEmpty() ? line.get("text") : line.get("ansi");
  }

  private String text(Row line) {
    if (style.json) {
      return line.json();
    }
    String time = style.times ? line.get("time") + "  " : "";
    String body = textOf(line);
    return time + (style.colours ? TerminalText.coloured(body) : TerminalText.plain(body));
  }
}
