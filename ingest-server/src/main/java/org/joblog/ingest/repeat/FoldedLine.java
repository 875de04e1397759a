package org.joblog.ingest.repeat;

import java.nio.charset.StandardCharsets;
import org.joblog.ingest.console.Row;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * A view of one line after folding. It is reused: valid only during the call that hands it over.
 * Confined to its lane's thread.
 */
public final class FoldedLine {

  private byte[] bytes = new byte[0];
  private int from;
  private int to;
  private LineKind kind = LineKind.TEXT;
  private long firstAtMicros;
  private long lastAtMicros;
  private long repeats;
  private long cutBytes;
  private @Nullable String ansi;

  FoldedLine() {}

  FoldedLine of(Row row) {
    bytes = row.bytes();
    from = row.from();
    to = row.to();
    kind = row.kind();
    firstAtMicros = row.firstAtMicros();
    lastAtMicros = row.lastAtMicros();
    repeats = 0;
    cutBytes = row.cutBytes();
    ansi = row.ansi();
    return this;
  }

  FoldedLine of(HeldLine held) {
    tell(LineKind.TEXT, held.text(), held.firstAtMicros(), held.lastAtMicros());
    repeats = 0;
    ansi = held.ansi();
    return this;
  }

  FoldedLine ofRepeats(byte[] message, long count, long first, long last) {
    tell(LineKind.REPEAT, message, first, last);
    repeats = count;
    ansi = null;
    return this;
  }

  private void tell(LineKind newKind, byte[] text, long first, long last) {
    bytes = text;
    from = 0;
    to = text.length;
    kind = newKind;
    firstAtMicros = first;
    lastAtMicros = last;
    cutBytes = 0;
  }

  /** The array that holds the text. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the text begins in {@link #bytes}. */
  public int from() {
    return from;
  }

  /** Where the text ends in {@link #bytes}, exclusive. */
  public int to() {
    return to;
  }

  /** What the line is. */
  public LineKind kind() {
    return kind;
  }

  /**
   * When the row was first written to, or the first of the folded repetitions ended; microseconds
   * since the epoch.
   */
  public long firstAtMicros() {
    return firstAtMicros;
  }

  /** When the row, or the last of the folded repetitions, was last written to. */
  public long lastAtMicros() {
    return lastAtMicros;
  }

  /** For {@link LineKind#REPEAT} how many lines or blocks it stands for, else 0. */
  public long repeats() {
    return repeats;
  }

  /** How many bytes were cut from the end of the line. */
  public long cutBytes() {
    return cutBytes;
  }

  /** The line with colours in canonical form, or null if it has none. */
  public @Nullable String ansi() {
    return ansi;
  }

  /** The text as a string, for tests and messages. */
  public String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
