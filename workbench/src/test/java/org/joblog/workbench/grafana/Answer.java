package org.joblog.workbench.grafana;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query as the data source hands it to a panel. Immutable.
 *
 * @param fields names of the columns
 * @param types what Grafana takes them for
 * @param rows values: text for times (RFC 3339), strings and others, else numbers and booleans
 */
record Answer(List<String> fields, List<String> types, List<List<@Nullable Object>> rows) {

  static Answer query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      ResultSetMetaData meta = result.getMetaData();
      List<String> fields = new ArrayList<>();
      List<String> types = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        fields.add(meta.getColumnLabel(i));
        types.add(grafanaType(meta.getColumnTypeName(i)));
      }
      List<List<@Nullable Object>> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row(result, types));
      }
      return new Answer(fields, types, rows);
    }
  }

  private static List<@Nullable Object> row(ResultSet result, List<String> types)
      throws SQLException {
    @Nullable Object[] row = new Object[types.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] =
          switch (types.get(i)) {
            case "time" -> {
              var at = result.getTimestamp(i + 1);
              yield at == null ? null : at.toInstant().toString();
            }
            case "number" -> {
              double number = result.getDouble(i + 1);
              yield result.wasNull() ? null : (Object) number;
            }
            case "boolean" -> result.getObject(i + 1);
            default -> result.getString(i + 1);
          };
    }
    return Arrays.asList(row);
  }

  /** The converters of the data source; a bigint loses its digits beyond 2^53. */
  private static String grafanaType(String postgresType) {
    return switch (postgresType) {
      case "timestamptz", "timestamp", "date" -> "time";
      case "int2", "int4", "int8", "float4", "float8", "numeric" -> "number";
      case "bool" -> "boolean";
      case "json", "jsonb" -> "other";
      default -> "string";
    };
  }

  List<@Nullable Object> column(String field) {
    int index = fields.indexOf(field);
    if (index < 0) {
      throw new AssertionError(field + " (expected: one of " + fields + ")");
    }
    return rows.stream()
        .<@Nullable Object>map(row -> row.get(index))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** A column of numbers, none of them missing. */
  List<Double> numbers(String field) {
    return column(field).stream().map(number -> (Double) Objects.requireNonNull(number)).toList();
  }

  /** The values of one series of a graph, in their order. */
  List<Double> valuesOf(String series) {
    int name = Math.max(fields.indexOf("key"), fields.indexOf("metric"));
    int value = fields.indexOf("value");
    return rows.stream()
        .filter(row -> series.equals(row.get(name)))
        .map(row -> (Double) Objects.requireNonNull(row.get(value)))
        .toList();
  }

  String type(String field) {
    return types.get(fields.indexOf(field));
  }
}
