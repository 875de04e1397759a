package org.joblog.ingest.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table whose columns are aligned. Confined to one thread. */
public final class TextTable {

  /** A longer cell would push all columns behind it out of sight. */
  private static final int WIDEST = 40;

  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  public TextTable(String... titles) {
    rows.add(titles);
  }

  /** Adds a row of as many cells as there are titles. */
  public void add(String... cells) {
    rows.add(Arrays.stream(cells).map(TextTable::cell).toArray(String[]::new));
  }

  private static String cell(String text) {
    String plain = TerminalText.plain(text).replace('\t', ' ');
    return plain.codePointCount(0, plain.length()) <= WIDEST
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }

  /** The lines, the titles first. */
  public List<String> lines() {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row[i]));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      line.append(row[i]).append(" ".repeat(widths[i] - length(row[i]))).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
