package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a query finds, as text: columns joined by {@code |}. Immutable. */
public final class Rows {

  private Rows() {}

  /** The rows of a query in a database of a test, as superuser. */
  public static List<String> of(TestPostgres postgres, String sql, Object... parameters)
      throws SQLException {
    try (Connection connection = postgres.connect()) {
      return of(connection, sql, parameters);
    }
  }

  public static List<String> of(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(row(result));
        }
      }
      return rows;
    }
  }

  private static String row(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<String> values = new ArrayList<>();
    for (int column : IntStream.rangeClosed(1, columns).toArray()) {
      values.add(String.valueOf(result.getString(column)));
    }
    return values.stream().collect(Collectors.joining("|"));
  }
}
