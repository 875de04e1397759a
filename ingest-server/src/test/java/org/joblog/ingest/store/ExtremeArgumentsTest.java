package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every function that a reader may call takes every value of its arguments' types: it gives rows or
 * none, and fails for none of them. The functions come from the catalogue, so a new one is tested
 * by itself.
 */
class ExtremeArgumentsTest {

  private static final String FUNCTIONS =
      """
      SELECT p.oid::regprocedure::text, p.oid::regproc::text, a.n, a.name, a.type,
        a.n <= p.pronargs - p.pronargdefaults AS needed
      FROM pg_proc p,
        LATERAL (SELECT n, p.proargnames[n] AS name, format_type(t.type, NULL) AS type
          FROM unnest(p.proargtypes) WITH ORDINALITY t(type, n)) a
      WHERE p.pronamespace = 'jobs'::regnamespace AND has_function_privilege('joblog_reader', p.oid, 'EXECUTE')
      ORDER BY 1, 3
      """;

  /** What an argument is if it is not its turn. */
  private static final Map<String, String> USUAL =
      Map.of(
          "text", "'1'",
          "text[]", "ARRAY['1']",
          "integer", "2",
          "bigint", "1",
          "double precision", "0.1",
          "numeric", "1");

  private static final Map<String, List<String>> EXTREMES =
      Map.of(
          "text",
              List.of(
                  "''",
                  "' '",
                  "'/'",
                  "'key:'",
                  "'key:999999999999999999999'",
                  "'c/'",
                  "E'\\x01'",
                  "''';--'",
                  "'%_\\'",
                  "'(('",
                  "'😀'",
                  "repeat('x', 100000)",
                  "'auto'",
                  "'(all)'"),
          "text[]",
              List.of(
                  "'{}'",
                  "ARRAY[NULL::text]",
                  "ARRAY['', NULL, 'x']",
                  "ARRAY[['1','2'],['3','4']]",
                  "'[0:1]={1,2}'",
                  "array_fill('1'::text, ARRAY[5000])",
                  "ARRAY['(all)', '(measures)']"),
          "integer", List.of("0", "'-1'", "2147483647", "'-2147483648'"),
          "bigint", List.of("0", "'-1'", "9223372036854775807", "'-9223372036854775808'"),
          "double precision",
              List.of(
                  "'NaN'", "'Infinity'", "'-Infinity'", "'-0.0'", "1e308", "'-1e308'", "4.9e-324"),
          "numeric", List.of("'NaN'", "0", "'-1'", "1e300", "1e-300"),
          "timestamp with time zone",
              List.of("'infinity'", "'-infinity'", "'4713-01-01 BC'", "'294276-12-31'", "'epoch'"),
          "boolean", List.of("true", "false"));

  private static final MetadataRig RIG = new MetadataRig();
  private static Connection reader;

  private record Argument(String name, String type, boolean needed) {

    String usual() {
      return USUAL.getOrDefault(type, "NULL") + "::" + type;
    }

    Stream<String> extremes() {
      return Stream.concat(Stream.of("NULL"), EXTREMES.getOrDefault(type, List.of()).stream())
          .map(value -> value + "::" + type);
    }

    /**
     * Named, so that those with a default can be left out; the type of a bare word is then known.
     */
    String given(String value) {
      return '"' + name + "\" => " + value;
    }
  }

  private record Function(String signature, String name, List<Argument> arguments) {

    /** A call for each extreme value of each argument. */
    List<String> calls() {
      List<String> calls = new ArrayList<>();
      for (Argument turn : arguments) {
        turn.extremes()
            .forEach(value -> calls.add("SELECT * FROM " + name + "(" + list(turn, value) + ") f"));
      }
      return calls;
    }

    private String list(Argument turn, String value) {
      List<String> given = new ArrayList<>();
      for (Argument argument : arguments) {
        if (argument.equals(turn)) {
          given.add(argument.given(value));
        } else if (argument.needed) {
          given.add(argument.given(argument.usual()));
        }
      }
      return String.join(", ", given);
    }
  }

  @BeforeAll
  static void print() throws SQLException {
    for (long job = 1; job <= 2; job++) {
      RIG.print(
          job,
          MetadataRig.numbered(
              2_500,
              i -> "{\"epoch\":" + i / 10 + ",\"loss\":" + 1.0 / (i + 1) + ",\"n\":" + i + "}"));
    }
    reader = TestPostgres.connect(RIG.postgres().reader());
  }

  @AfterAll
  static void close() throws SQLException {
    reader.close();
    RIG.close();
  }

  /** Parts of the others, which give them what they can take; and what reads a block's columns. */
  private static final Set<String> INNER =
      Set.of(
          "jobs.expand",
          "jobs.metadata_stride",
          "jobs.metadata_is_sparse",
          "jobs.metadata_places",
          "jobs.metadata_ends");

  private static List<Function> functions() throws SQLException {
    List<Function> functions = new ArrayList<>();
    try (Connection connection = RIG.postgres().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(FUNCTIONS)) {
      while (row.next()) {
        if (functions.isEmpty() || !functions.getLast().signature.equals(row.getString(1))) {
          functions.add(new Function(row.getString(1), row.getString(2), new ArrayList<>()));
        }
        functions
            .getLast()
            .arguments
            .add(new Argument(row.getString(4), row.getString(5), row.getBoolean(6)));
      }
    }
    return functions;
  }

  @TestFactory
  Stream<DynamicTest> noArgumentIsAnError() throws SQLException {
    List<Function> functions = functions();
    assertThat(functions).hasSizeGreaterThan(25);
    return functions.stream()
        .filter(function -> !INNER.contains(function.name))
        .map(function ->
            DynamicTest.dynamicTest(
                function.signature, () -> assertThat(failures(function)).isEmpty()));
  }

  private static List<String> failures(Function function) throws SQLException {
    List<String> failures = new ArrayList<>();
    for (String call : function.calls()) {
      try (Statement statement = reader.createStatement();
          ResultSet rows = statement.executeQuery(call)) {
        while (rows.next()) {
          rows.getObject(1);
        }
      } catch (SQLException e) {
        failures.add(e.getSQLState() + ' ' + e.getMessage().lines().findFirst() + ": " + call);
      }
    }
    return failures;
  }
}
