package org.joblog.ingest.console;

import java.nio.charset.StandardCharsets;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * A view of one rendered row. It is reused: valid only during the call that hands it over, and its
 * array is not the reader's. Confined to its lane's thread.
 */
public final class Row {

  private final @Nullable String ansi;
  private byte[] bytes = new byte[0];
  private int from;
  private int to;
  private LineKind kind = LineKind.TEXT;
  private long firstAtMicros;
  private long lastAtMicros;
  private long cutBytes;
  private int @Nullable [] styles;

  Row() {
    this(null);
  }

  private Row(@Nullable String ansi) {
    this.ansi = ansi;
  }

  /** A row of its own, for callers that have text and no console. */
  public static Row of(String text, LineKind kind, long atMicros) {
    return of(text.getBytes(StandardCharsets.UTF_8), kind, atMicros, atMicros, null);
  }

  /**
   * A row of its own, for callers that keep one or make one up.
   *
   * @param utf8 its text, which the row does not copy
   * @param ansi with colours in canonical form, or null
   */
  public static Row of(
      byte[] utf8, LineKind kind, long firstAtMicros, long lastAtMicros, @Nullable String ansi) {
    return new Row(ansi).set(utf8, 0, utf8.length).tell(kind, firstAtMicros, lastAtMicros, 0);
  }

  Row set(byte[] newBytes, int newFrom, int newTo) {
    bytes = newBytes;
    from = newFrom;
    to = newTo;
    return this;
  }

  Row tell(LineKind newKind, long firstAt, long lastAt, long cut) {
    kind = newKind;
    firstAtMicros = firstAt;
    lastAtMicros = lastAt;
    cutBytes = cut;
    return this;
  }

  /** The same row as another kind, for an outlet that knows better than the console. */
  public Row as(LineKind newKind) {
    kind = newKind;
    return this;
  }

  Row styles(int @Nullable [] pairs) {
    styles = pairs;
    return this;
  }

  /** The array that holds the text: valid UTF-8 without control characters, right-trimmed. */
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

  /** What the row is; {@link LineKind#TEXT} until it is completed and after any later change. */
  public LineKind kind() {
    return kind;
  }

  /** When something was first written to the row, microseconds since the epoch. */
  public long firstAtMicros() {
    return firstAtMicros;
  }

  /** When the row was last written to, microseconds since the epoch. */
  public long lastAtMicros() {
    return lastAtMicros;
  }

  /** How many bytes of UTF-8 did not fit and were cut from its end; 0 for nearly all rows. */
  public long cutBytes() {
    return cutBytes;
  }

  /** The row with colours in canonical form, or null if it has none. */
  public @Nullable String ansi() {
    return styles == null ? ansi : Pen.colour(bytes, from, to, styles);
  }

  /** The text as a string, for tests and messages. */
  public String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
