package org.joblog.workbench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Searches everything that the database holds: all columns of all tables, whatever their type.
 * Confined to one thread.
 */
final class Dump {

  private final Connection connection;

  /**
   * A dump.
   *
   * @param connection of a superuser
   */
  Dump(Connection connection) {
    this.connection = connection;
  }

  /** Where a word of ASCII occurs, as {@code table.column: value}, at most one a column. */
  List<String> placesOf(String word) throws SQLException {
    List<String> places = new ArrayList<>();
    for (Column column : columns()) {
      if (column.bytes) {
        findInBytes(column, word, places);
      } else {
        findInText(column, word, places);
      }
    }
    return places;
  }

  private record Column(String table, String name, boolean bytes) {}

  private List<Column> columns() throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT c.oid::regclass::text, quote_ident(a.attname), t.typname = 'bytea'
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                JOIN pg_type t ON t.oid = a.atttypid
                WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%'
                  AND n.nspname <> 'information_schema'
                """)) {
      while (row.next()) {
        columns.add(new Column(row.getString(1), row.getString(2), row.getBoolean(3)));
      }
    }
    return columns;
  }

  private void findInText(Column column, String word, List<String> places) throws SQLException {
    String sql =
        "SELECT %1$s::text FROM %2$s WHERE strpos(%1$s::text, ?) > 0 LIMIT 1"
            .formatted(column.name, column.table);
    try (PreparedStatement find = connection.prepareStatement(sql)) {
      find.setString(1, word);
      try (ResultSet row = find.executeQuery()) {
        while (row.next()) {
          places.add(column.table + "." + column.name + ": " + excerpt(row.getString(1), word));
        }
      }
    }
  }

  /** Characters may lie in bytes one, two or four apart: those between are 0. */
  private void findInBytes(Column column, String word, List<String> places) throws SQLException {
    String sql =
        "SELECT %1$s FROM %2$s WHERE length(%1$s) > 0".formatted(column.name, column.table);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        ByteArrayOutputStream dense = new ByteArrayOutputStream();
        for (byte b : row.getBytes(1)) {
          if (b != 0) {
            dense.write(b);
          }
        }
        String text = dense.toString(StandardCharsets.ISO_8859_1);
        if (text.contains(word)) {
          places.add(column.table + "." + column.name + ": " + excerpt(text, word));
          return;
        }
      }
    }
  }

  private static String excerpt(String text, String word) {
    int at = text.indexOf(word);
    return text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 120));
  }
}
