package org.joblog.ingest.console;

import java.nio.charset.StandardCharsets;

/** Segments for tests of rooms that have no console. */
public final class Segments {

  private Segments() {}

  public static Segment of(String text) {
    byte[] bytes = ("before\r" + text + "\nbehind").getBytes(StandardCharsets.UTF_8);
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return new Segment().set(bytes, 7, 7 + length);
  }
}
