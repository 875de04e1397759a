package org.joblog.ingest.render;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.joblog.ingest.console.Console;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.console.Segment;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/** A console of 50 rows that collects its final rows. */
final class Terminal implements Console.Outlet {

  private static final ConsoleLimits LIMITS = ConsoleLimits.DEFAULTS.withWindowRows(50);

  private final List<String> rows = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private final Probe probe;
  private Console console = new Console(LIMITS, this);

  Terminal(Probe probe) {
    this.probe = probe;
  }

  void push(byte[] bytes, int from, int to) {
    console.push(bytes, from, to, 1);
    switch (probe) {
      case NONE -> {}
      case CHECKPOINT -> restore();
      case LIVE -> live();
    }
  }

  /** Pushes a copy that is overwritten at once: nothing may be kept of it. */
  void pushCopy(byte[] bytes, int from, int to) {
    byte[] copy = Arrays.copyOfRange(bytes, from, to);
    console.push(copy, 0, copy.length, 1);
    Arrays.fill(copy, (byte) '?');
    push(copy, 0, 0);
  }

  void commit() {
    console.commit();
  }

  void end() {
    console.end(1);
  }

  /** Final rows and those of the window. */
  String live() {
    List<String> all = new ArrayList<>(rows);
    console.forEachRow(row -> all.add(row.text()));
    return join(all);
  }

  String text() {
    return join(rows);
  }

  /** Everything that the console said: completed and final rows, segments, colours. */
  List<String> log() {
    return log;
  }

  private static String join(List<String> rows) {
    return String.join("\n", rows).stripTrailing();
  }

  private void restore() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      console.writeTo(new DataOutputStream(bytes));
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      console = Console.readFrom(in, LIMITS, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public LineKind completed(Row row, @Nullable Segment segment) {
    log.add("completed " + row.text() + (segment == null ? "" : " segment " + segment.text()));
    return LineKind.TEXT;
  }

  @Override
  public void finished(Row row) {
    rows.add(row.text());
    log.add(
        "finished "
            + row.text()
            + " "
            + String.valueOf(row.ansi()).replace('\u001b', '^')
            + " "
            + row.cutBytes());
  }
}
