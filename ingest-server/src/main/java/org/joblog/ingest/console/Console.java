package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/** Renders one stream: plain text and carriage returns so far. Confined to its lane's thread. */
public final class Console {

  /** Where completed and final rows go. */
  public interface Outlet {

    /**
     * A row was completed, by a line feed or the end of the stream. Called exactly once per
     * completion, before any later byte has an effect; may call {@link Console#commit}, {@link
     * Console#hide} and {@link Console#show}, and the bytes that follow then meet the new state.
     *
     * @param row what stands on the row now
     * @param segment the raw text after the last carriage return of the line, if it could be a
     *     command or an object, else null
     * @return what the row is from now on, for as long as its text is not changed
     */
    LineKind completed(Row row, @Nullable Segment segment);

    /** A row of the visible state is final: nothing can change it any more. */
    void finished(Row row);
  }

  private final ConsoleLimits limits;
  private final Outlet outlet;
  private final Row view = new Row();
  private final Segment segment = new Segment();
  private byte[] text = new byte[64];
  private int width;
  private int column;
  private long firstAt;
  private long lastAt;
  private boolean hidden;
  private boolean carriageReturn;
  private int resets;

  /**
   * An empty console.
   *
   * @param limits its bounds
   * @param outlet where its rows go
   */
  public Console(ConsoleLimits limits, Outlet outlet) {
    this.limits = limits;
    this.outlet = outlet;
  }

  /** Takes bytes of the stream, cut anywhere. */
  public void push(byte[] bytes, int from, int to, long atMicros) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        complete();
      } else if (b == '\r') {
        column = 0;
        carriageReturn = true;
      } else if (b < 0 || b >= ' ') {
        put(b, atMicros);
      }
    }
  }

  /** The stream is over: all rows become final. */
  public void end(long atMicros) {
    if (width > 0) {
      complete();
    }
  }

  /** All rows become final, the half-written one too. */
  public void commit() {
    resets++;
    if (width > 0 && !hidden) {
      outlet.finished(row());
    }
    width = 0;
    column = 0;
  }

  /** From now on no row is kept but that of the cursor, and none reaches the outlet as final. */
  public void hide() {
    resets++;
    hidden = true;
    width = 0;
    column = 0;
  }

  /** From now on rows are kept and become final. */
  public void show() {
    resets++;
    hidden = false;
    width = 0;
    column = 0;
  }

  /** Shows the rows of the window as they stand. */
  public void forEachRow(RowVisitor visitor) {
    if (!hidden && width > 0) {
      visitor.row(row());
    }
  }

  /** How many of the last bytes must be pushed again after a restore; 0 if visible. */
  public long rewind() {
    return hidden ? width : 0;
  }

  /** Writes all that is needed to go on. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeBoolean(hidden);
    out.writeInt(hidden ? 0 : width);
    out.write(text, 0, hidden ? 0 : width);
    out.writeInt(hidden ? 0 : column);
    out.writeLong(firstAt);
    out.writeLong(lastAt);
  }

  /** Reads what {@link #writeTo} wrote. */
  public static Console readFrom(DataInput in, ConsoleLimits limits, Outlet outlet)
      throws IOException {
    Console console = new Console(limits, outlet);
    console.hidden = in.readBoolean();
    console.width = in.readInt();
    console.text = new byte[Math.max(64, console.width)];
    in.readFully(console.text, 0, console.width);
    console.column = in.readInt();
    console.firstAt = in.readLong();
    console.lastAt = in.readLong();
    return console;
  }

  private void put(byte b, long atMicros) {
    if (column >= limits.rowBytes()) {
      return;
    }
    if (carriageReturn) {
      carriageReturn = false;
    }
    if (column == text.length) {
      text = Arrays.copyOf(text, column * 2);
    }
    if (width == 0) {
      firstAt = atMicros;
    }
    lastAt = atMicros;
    text[column++] = b;
    width = Math.max(width, column);
  }

  private void complete() {
    int before = resets;
    LineKind kind = outlet.completed(row(), segment.set(text, 0, width));
    if (!hidden && before == resets) {
      outlet.finished(row().tell(kind, firstAt, lastAt, 0));
    }
    width = 0;
    column = 0;
  }

  private Row row() {
    int end = width;
    while (end > 0 && text[end - 1] == ' ') {
      end--;
    }
    return view.set(text, 0, end).tell(LineKind.TEXT, firstAt, lastAt, 0);
  }
}
