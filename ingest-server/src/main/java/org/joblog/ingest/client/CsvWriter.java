package org.joblog.ingest.client;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.StringJoiner;

/**
 * Makes a table of records: a line for each, a column for each key in the order in which keys
 * appear (RFC 4180). Which columns there are is known after the last record only, so records wait
 * in a file. Confined to one thread.
 */
public final class CsvWriter implements AutoCloseable {

  /** A table with more columns cannot be read by anybody; as many keys may a job have. */
  private static final int MOST_COLUMNS = 10_000;

  private final Path waiting;
  private final BufferedWriter writer;
  private final SequencedSet<String> keys = new LinkedHashSet<>();

  public CsvWriter() throws IOException {
    waiting = Files.createTempFile("joblog", ".ndjson");
    writer = Files.newBufferedWriter(waiting);
  }

  /**
   * Adds a record.
   *
   * @param row with {@code time}, {@code sequence} and {@code record}
   */
  public void add(Row row) throws IOException {
    for (String key : Row.of(row.get("record")).values().keySet()) {
      if (keys.size() < MOST_COLUMNS) {
        keys.add(key);
      }
    }
    writer.write(row.json());
    writer.newLine();
  }

  /** Prints the table, the names of its columns first. */
  public void print(PrintWriter out) throws IOException {
    writer.flush();
    StringJoiner titles = new StringJoiner(",").add("time").add("sequence");
    keys.forEach(key -> titles.add(quoted(key)));
    out.print(titles + "\r\n");
    try (BufferedReader rows = Files.newBufferedReader(waiting)) {
      for (String line = rows.readLine(); line != null; line = rows.readLine()) {
        Row row = Row.of(line);
        Row values = Row.of(row.get("record"));
        StringJoiner cells = new StringJoiner(",").add(row.get("time")).add(row.get("sequence"));
        keys.forEach(key -> cells.add(quoted(values.get(key))));
        out.print(cells + "\r\n");
      }
    }
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws IOException {
    writer.close();
    Files.deleteIfExists(waiting);
  }
}
