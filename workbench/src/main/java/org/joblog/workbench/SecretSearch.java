package org.joblog.workbench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Looks for a text in every column of every table of joblog, bytes included. */
final class SecretSearch {

  private static final String TABLES =
      """
      SELECT c.oid::regclass::text FROM pg_class c
      WHERE c.relnamespace = 'joblog'::regnamespace AND c.relkind = 'r' ORDER BY 1
      """;

  private SecretSearch() {}

  /**
   * What was searched and what was found. Immutable.
   *
   * @param tables how many were searched
   * @param found names of those that hold it
   */
  record Result(int tables, List<String> found) {}

  /**
   * Searches.
   *
   * @param connection as a role that may read everything
   */
  static Result in(Connection connection, String secret) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(TABLES);
        ResultSet names = statement.executeQuery()) {
      while (names.next()) {
        tables.add(names.getString(1));
      }
    }
    List<String> found = new ArrayList<>();
    for (String table : tables) {
      if (holds(connection, table, secret)) {
        found.add(table);
      }
    }
    return new Result(tables.size(), found);
  }

  /** A row as text has its bytes in hexadecimal. */
  private static boolean holds(Connection connection, String table, String secret)
      throws SQLException {
    String hex = HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8));
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT EXISTS (SELECT FROM "
                + table
                + " AS t WHERE strpos(t::text, ?) > 0 OR strpos(t::text, ?) > 0)")) {
      statement.setString(1, secret);
      statement.setString(2, hex);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }
}
