package org.joblog.ingest.console;

import java.nio.charset.StandardCharsets;

/**
 * A view of the raw text after the last carriage return of a line, where it could be a command or
 * an object. It is reused: valid only during the call that hands it over. Confined to its lane's
 * thread.
 */
public final class Segment {

  private byte[] bytes = new byte[0];
  private int from;
  private int to;

  Segment() {}

  Segment set(byte[] newBytes, int newFrom, int newTo) {
    bytes = newBytes;
    from = newFrom;
    to = newTo;
    return this;
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

  /** The text as a string, for tests and messages. */
  public String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
