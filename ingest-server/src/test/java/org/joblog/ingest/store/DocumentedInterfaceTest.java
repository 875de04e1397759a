package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.joblog.ingest.batch.EventKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the schema {@code jobs} offers is what {@code docs/sql-interface.md} says, column by column.
 */
class DocumentedInterfaceTest {

  private static final Path PAGE = Path.of("../docs/sql-interface.md");

  private static final Pattern SECTION = Pattern.compile("(?ms)^##+ (.*?)$(.*?)(?=^##|\\z)");
  private static final Pattern RELATION = Pattern.compile("`jobs\\.(\\w+)");
  private static final Pattern COLUMNS =
      Pattern.compile("(?m)^\\| column \\|.*\\n\\|.*\\n((?:\\|.*\\n)+)");
  private static final Pattern ROW = Pattern.compile("(?m)^\\|([^|]*)\\|([^|]*)\\|");
  private static final Pattern NAME = Pattern.compile("`\"?(\\w+)\"?`");

  /** Views, and functions that return rows, with the columns that they return. */
  private static final String RETURNED =
      """
      SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnum
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relnamespace = 'jobs'::regnamespace AND c.relname = ? AND a.attnum > 0
      UNION ALL
      SELECT p.proargnames[n], format_type(p.proallargtypes[n], NULL), n
      FROM pg_proc p, generate_subscripts(p.proallargtypes, 1) n
      WHERE p.pronamespace = 'jobs'::regnamespace AND p.proname = ? AND p.proargmodes[n] = 't'
      UNION ALL
      SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnum
      FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype JOIN pg_attribute a ON a.attrelid = t.typrelid
      WHERE p.pronamespace = 'jobs'::regnamespace AND p.proname = ? AND p.proargmodes IS NULL AND a.attnum > 0
      ORDER BY 3
      """;

  private static TestPostgres postgres;

  @BeforeAll
  static void create() {
    postgres = TestPostgres.create();
  }

  @AfterAll
  static void drop() throws Exception {
    postgres.close();
  }

  static Stream<Arguments> relations() throws IOException {
    return SECTION
        .matcher(Files.readString(PAGE))
        .results()
        .flatMap(section -> relationsOf(section.group(1), section.group(2)));
  }

  private static Stream<Arguments> relationsOf(String heading, String text) {
    List<String> columns =
        COLUMNS
            .matcher(text)
            .results()
            .flatMap(table -> ROW.matcher(table.group(1)).results())
            .flatMap(DocumentedInterfaceTest::columnsOf)
            .toList();
    return RELATION
        .matcher(heading)
        .results()
        .filter(_ -> !columns.isEmpty())
        .map(relation -> Arguments.of(relation.group(1), columns));
  }

  /** {@code name|type} of a row, which may stand for several columns; the type may be left out. */
  private static Stream<String> columnsOf(MatchResult row) {
    List<String> names = NAME.matcher(row.group(1)).results().map(name -> name.group(1)).toList();
    List<String> types = Arrays.stream(row.group(2).split(",")).map(String::strip).toList();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String type = types.get(Math.min(i, types.size() - 1));
      columns.add(names.get(i) + "|" + type.replace("timestamptz", "timestamp with time zone"));
    }
    return columns.stream();
  }

  @ParameterizedTest
  @MethodSource("relations")
  void theColumnsAreThoseOfTheDocument(String relation, List<String> documented)
      throws SQLException {
    List<String> returned = new ArrayList<>();
    for (String row : Rows.of(postgres, RETURNED, relation, relation, relation)) {
      String[] column = row.split("\\|", -1);
      boolean typed = !documented.contains(column[0] + "|");
      returned.add(column[0] + "|" + (typed ? column[1] : ""));
    }
    assertThat(returned).isEqualTo(documented);
  }

  @Test
  void thePageNamesEverythingThatThereIs() throws Exception {
    String page = Files.readString(PAGE);
    for (String name :
        Rows.of(
            postgres,
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'v'
            UNION SELECT proname FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace
            """)) {
      assertThat(page).as("docs/sql-interface.md names jobs.%s", name).contains("jobs." + name);
    }
    for (EventKind kind : EventKind.values()) {
      assertThat(page).contains("`" + kind.word() + "`");
    }
  }
}
