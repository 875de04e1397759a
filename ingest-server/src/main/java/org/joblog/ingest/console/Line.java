package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * One row of a window: where its text lies in {@link RowTexts}, and what is known of it. Small,
 * because a printing stream has a hundred of them. Confined to its lane's thread.
 */
final class Line {

  /** What is rare: a row that was cut, has colours, or is edited again and again. */
  private static final class Rarely {
    long cutBytes;
    int @Nullable [] styles;
    int reopened;

    /** When the row was last written to, if that is too long after the first time, else 0. */
    long lastAtMicros;
  }

  private static final byte TEXT = (byte) LineKind.TEXT.code();
  private static final byte FRESH = 0;
  private static final byte TOUCHED = 1;
  private static final byte COMPLETED = 2;

  /** Where the text lies; package-private so that RowTexts can move it. */
  int from;

  int to;

  /** Whether the text still lies in the array that is being pushed. */
  boolean pushed;

  private byte state = FRESH;
  private byte kind = TEXT;
  private long firstAtMicros;

  /** From the first time the row was written to until the last, microseconds. */
  private int writtenForMicros;

  private @Nullable Rarely rarely;

  /** An empty row that nothing was written to. */
  void reset(long atMicros) {
    dropText();
    rarely = null;
    state = FRESH;
    kind = TEXT;
    firstAtMicros = atMicros;
    writtenForMicros = 0;
  }

  /** Forgets the text and what belongs to it. */
  void clearText() {
    dropText();
    takeRarely(null);
  }

  /** Forgets where the text lies. */
  void dropText() {
    from = 0;
    to = 0;
    pushed = false;
  }

  /** Copies all but the text. */
  void copyFacts(Line copy) {
    copy.state = state;
    copy.kind = kind;
    copy.firstAtMicros = firstAtMicros;
    copy.lastAtMicros(lastAtMicros());
    copy.cutBytes(cutBytes());
    copy.styles(styles());
  }

  /** The row is changed now: it is no longer what it was completed as. */
  void touch(long atMicros) {
    if (state == FRESH) {
      firstAtMicros = atMicros;
    }
    lastAtMicros(atMicros);
    state = TOUCHED;
    kind = TEXT;
  }

  void complete(LineKind as) {
    kind = (byte) as.code();
    state = COMPLETED;
  }

  /** Whether it was completed and not changed since. */
  boolean isCompleted() {
    return state == COMPLETED;
  }

  boolean isEmpty() {
    return from == to;
  }

  int length() {
    return to - from;
  }

  LineKind kind() {
    return LineKind.of(kind);
  }

  long firstAtMicros() {
    return firstAtMicros;
  }

  long lastAtMicros() {
    return rarely == null || rarely.lastAtMicros == 0
        ? firstAtMicros + writtenForMicros
        : rarely.lastAtMicros;
  }

  private void lastAtMicros(long atMicros) {
    long after = atMicros - firstAtMicros;
    writtenForMicros = (int) after;
    if (writtenForMicros != after) {
      rarely().lastAtMicros = atMicros;
    } else if (rarely != null) {
      rarely.lastAtMicros = 0;
    }
  }

  /** What is rare belongs to the text, but for the time. */
  private void takeRarely(@Nullable Rarely newRarely) {
    long last = lastAtMicros();
    rarely = newRarely;
    lastAtMicros(last);
  }

  long cutBytes() {
    return rarely == null ? 0 : rarely.cutBytes;
  }

  void cutBytes(long bytes) {
    if (rarely != null || bytes != 0) {
      rarely().cutBytes = bytes;
    }
  }

  /** Pairs of an offset into the text and the style from there on, or null if it has none. */
  int @Nullable [] styles() {
    return rarely == null ? null : rarely.styles;
  }

  void styles(int @Nullable [] pairs) {
    if (rarely != null || pairs != null) {
      rarely().styles = pairs;
    }
  }

  /** Counts how often the row was opened for an edit. */
  int reopen() {
    return ++rarely().reopened;
  }

  /** Whether it is text alone: not cut, without colours. */
  boolean isBare() {
    return rarely == null || (rarely.cutBytes == 0 && rarely.styles == null);
  }

  private Rarely rarely() {
    if (rarely == null) {
      rarely = new Rarely();
    }
    return rarely;
  }

  /** Takes over the text of another row, which loses it. */
  void takeText(Line other) {
    from = other.from;
    to = other.to;
    pushed = other.pushed;
    takeRarely(other.rarely);
    other.dropText();
    other.rarely = null;
  }

  void writeTo(DataOutput out, RowTexts texts) throws IOException {
    out.writeInt(length());
    out.write(texts.of(this), from, length());
    out.writeByte(state);
    out.writeByte(kind);
    out.writeLong(firstAtMicros);
    out.writeLong(lastAtMicros());
    out.writeLong(cutBytes());
    out.writeInt(rarely == null ? 0 : rarely.reopened);
    int[] pairs = styles();
    out.writeInt(pairs == null ? 0 : pairs.length);
    if (pairs != null) {
      for (int value : pairs) {
        out.writeInt(value);
      }
    }
  }

  static Line readFrom(DataInput in, RowTexts texts) throws IOException {
    Line line = new Line();
    byte[] text = new byte[in.readInt()];
    in.readFully(text);
    texts.set(line, text, 0, text.length);
    line.state = in.readByte();
    line.kind = in.readByte();
    line.firstAtMicros = in.readLong();
    line.lastAtMicros(in.readLong());
    line.cutBytes(in.readLong());
    int reopened = in.readInt();
    if (reopened > 0) {
      line.rarely().reopened = reopened;
    }
    int[] pairs = new int[in.readInt()];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = in.readInt();
    }
    line.styles(pairs.length == 0 ? null : pairs);
    return line;
  }
}
