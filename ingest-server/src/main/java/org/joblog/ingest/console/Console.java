package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * Renders one stream as a very wide terminal would: bytes in, rows out. Confined to its lane's
 * thread.
 *
 * <pre>
 *   push() ─┬─ runs of plain text, CR, LF ────────────┐
 *           └─ Utf8Decoder ─► Parser ─► Interpreter ──┴─► Screen ─► CursorRow ─► RowTexts
 *                                                           └─► completed(), finished()
 * </pre>
 *
 * <p>A stream is <em>visible</em> or <em>hidden</em>. A hidden one keeps only the row of its
 * cursor, in memory, so that a command can be seen in it; its checkpoint holds no text and stands
 * at the beginning of the open line, from where the bytes must be pushed again.
 */
public final class Console {

  /** Where completed and final rows go. */
  public interface Outlet {

    /**
     * A row was completed, by a line feed or the end of the stream. Called exactly once per
     * completion, before any later byte has an effect; may call {@link Console#commit}, {@link
     * Console#hide} and {@link Console#show}, and the bytes that follow then meet the new state.
     *
     * @param row what stands on the row now; empty if the open line of a hidden stream was too long
     *     to be a candidate
     * @param segment what was printed since the last carriage return of the line, if it could be a
     *     command or an object, else null
     * @return what the row is from now on, for as long as its text is not changed
     */
    LineKind completed(Row row, @Nullable Segment segment);

    /** A row of the visible state is final: nothing can change it any more. */
    void finished(Row row);
  }

  private static final int BYTE_ORDER_MARK = 0xFEFF;
  private static final byte[] NONE = {};

  private final ConsoleLimits limits;
  private final Screen screen;
  private final Modes modes = new Modes();
  private final Interpreter interpreter;
  private final Parser parser;
  private final Utf8Decoder decoder = new Utf8Decoder();
  private final TextScanner scanner = new TextScanner();

  /** Bytes taken so far. */
  private long position;

  private boolean started;
  private @Nullable OpenLine openLine;

  /**
   * An empty console, visible.
   *
   * @param limits its bounds
   * @param outlet where its rows go
   */
  public Console(ConsoleLimits limits, Outlet outlet) {
    this.limits = limits;
    screen = new Screen(limits, outlet);
    interpreter = new Interpreter(screen, modes);
    parser = new Parser(interpreter);
  }

  /**
   * Takes bytes of the stream, cut anywhere. The array must not change during the call.
   *
   * @param from index of the first byte
   * @param to index after the last byte
   * @param atMicros when they were read, microseconds since the epoch
   */
  public void push(byte[] bytes, int from, int to, long atMicros) {
    screen.texts().begin(bytes, atMicros);
    long base = position - from;
    int i = from;
    while (i < to) {
      if (started && parser.isGround() && decoder.isEmpty() && modes.isText()) {
        i = pushText(bytes, i, to, base);
      }
      if (i < to) {
        position = base + i + 1;
        i = pushByte(bytes[i]) ? i + 1 : i;
      }
    }
    position = base + to;
    screen.texts().settle();
  }

  /** Takes runs of text, carriage returns and line feeds, up to the first byte that is neither. */
  private int pushText(byte[] bytes, int from, int to, long base) {
    int i = from;
    while (i < to) {
      int end = scanner.scan(bytes, i, to);
      int next = lineEnd(bytes, end, to);
      if (next > 0 && openLine == null) {
        position = base + next;
        if (screen.plainLine(bytes, i, end, modes)) {
          i = next;
          continue;
        }
      }
      if (end > i) {
        interpreter.text(bytes, i, end, scanner.columns());
        if (end == to || (bytes[end] != '\n' && bytes[end] != '\r')) {
          modes.last = Utf8.decode(bytes, Utf8.boundary(bytes, i, end - 1, end));
        }
        i = end;
      }
      if (i < to) {
        byte control = bytes[i];
        if (control != '\n' && control != '\r') {
          return i;
        }
        i++;
        position = base + i;
        if (openLine == null) {
          interpreter.execute(control);
        } else {
          executeHidden(control);
        }
      }
    }
    return i;
  }

  /** The index after a line feed, or a carriage return and a line feed; 0 if there is none. */
  private static int lineEnd(byte[] bytes, int at, int to) {
    if (at < to && bytes[at] == '\n') {
      return at + 1;
    }
    return at + 1 < to && bytes[at] == '\r' && bytes[at + 1] == '\n' ? at + 2 : 0;
  }

  /** Takes any byte; false if it must be taken once more, since it ended a broken character. */
  private boolean pushByte(byte b) {
    if (b >= 0 && decoder.isEmpty()) {
      accept(b);
      return true;
    }
    int codePoint = decoder.feed(b);
    boolean taken = !decoder.again();
    if (codePoint != Utf8Decoder.PENDING) {
      accept(codePoint);
    }
    return taken;
  }

  private void accept(int codePoint) {
    boolean first = !started;
    started = true;
    if (first && codePoint == BYTE_ORDER_MARK) {
      return;
    }
    if (openLine != null && (codePoint == '\n' || codePoint == '\r')) {
      executeHidden(codePoint);
    } else {
      parser.accept(codePoint);
    }
  }

  /** A line may end and another begin in a hidden stream, which may show itself meanwhile. */
  private void executeHidden(int control) {
    if (isTooLong()) {
      screen.giveUp(true);
    }
    parser.accept(control);
    if (screen.cursor().column() == 0) {
      screen.giveUp(false);
      beginLine();
    }
  }

  private void beginLine() {
    if (openLine != null) {
      openLine.begin(position, parser, modes, screen);
    }
  }

  private boolean isTooLong() {
    return openLine != null && openLine.lengthTo(position) > limits.openLineBytes();
  }

  /**
   * The stream is over: what is half read is dropped, an open line is completed, all rows become
   * final.
   *
   * @param atMicros when it ended, microseconds since the epoch
   */
  public void end(long atMicros) {
    screen.texts().begin(NONE, atMicros);
    if (!decoder.isEmpty()) {
      decoder.clear();
      accept(Utf8Decoder.REPLACEMENT);
    }
    if (isTooLong()) {
      screen.giveUp(true);
    }
    screen.end();
  }

  /**
   * All rows become final, a half-written one as it stands; what follows begins a row in an empty
   * window. Of a hidden stream nothing becomes final.
   */
  public void commit() {
    screen.commit();
    beginLine();
  }

  /**
   * From now on no row is kept but the cursor's, and none becomes final. What was there is gone.
   */
  public void hide() {
    forget(true);
    openLine = new OpenLine();
    beginLine();
  }

  /** From now on rows are kept, and become final. What was there is gone. */
  public void show() {
    forget(false);
    openLine = null;
  }

  private void forget(boolean hidden) {
    decoder.clear();
    modes.last = 0;
    screen.hide(hidden);
  }

  /** Shows the rows of the window as they stand, top to bottom; none of a hidden stream. */
  public void forEachRow(RowVisitor visitor) {
    screen.forEachRow(visitor);
  }

  /**
   * How many of the last bytes must be pushed again after a restore of the checkpoint that {@link
   * #writeTo} writes now. 0 if the stream is visible, or its open line is so long that it is given
   * up.
   */
  public long rewind() {
    return openLine == null || isTooLong() ? 0 : openLine.lengthTo(position);
  }

  /** Writes all that is needed to go on; nothing of what was printed if the stream is hidden. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeShort(limits.windowRows());
    out.writeBoolean(started);
    out.writeBoolean(openLine != null);
    if (openLine == null) {
      parser.writeTo(out);
      decoder.writeTo(out);
      modes.writeTo(out, false);
      screen.writeTo(out);
    } else if (isTooLong()) {
      OpenLine now = new OpenLine();
      now.begin(position, parser, modes, screen);
      now.giveUp();
      now.writeTo(out);
    } else {
      openLine.writeTo(out);
    }
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @param limits the new console's bounds, but for the height of its window, which stays what it
   *     was
   * @param outlet where its rows go
   */
  public static Console readFrom(DataInput in, ConsoleLimits limits, Outlet outlet)
      throws IOException {
    Console console = new Console(limits.withWindowRows(in.readUnsignedShort()), outlet);
    console.started = in.readBoolean();
    if (in.readBoolean()) {
      OpenLine line = new OpenLine();
      line.readFrom(in, console.parser, console.modes, console.screen);
      console.openLine = line;
    } else {
      console.parser.readFrom(in);
      console.decoder.readFrom(in);
      console.modes.readFrom(in);
      console.screen.readFrom(in);
    }
    return console;
  }
}
