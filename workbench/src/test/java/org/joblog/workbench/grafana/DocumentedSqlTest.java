package org.joblog.workbench.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every query that a document tells readers to run can be run by a reader. */
class DocumentedSqlTest {

  /** A block of SQL, or a query in the middle of a sentence. */
  private static final Pattern QUERY = Pattern.compile("(?s)```sql\\n(.*?)```|`(SELECT [^`…]*)`");

  private static Visitor visitor;

  @BeforeAll
  static void fill() throws Exception {
    visitor = Visitor.arrive();
  }

  @AfterAll
  static void leave() throws Exception {
    visitor.close();
  }

  static Stream<Arguments> queries() throws IOException {
    return Checkout.files("docs", ".md").stream()
        .filter(file -> !file.toString().contains("decisions"))
        .flatMap(DocumentedSqlTest::queriesOf);
  }

  private static Stream<Arguments> queriesOf(Path file) {
    try {
      return QUERY
          .matcher(Files.readString(file))
          .results()
          .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
          .filter(sql -> sql.contains("FROM"))
          .map(sql -> Arguments.of(String.valueOf(file.getFileName()), sql));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aReaderCanRunWhatADocumentShows(String document, String sql) throws Exception {
    assertThat(visitor.ask(sql).fields()).as("%s: %s", document, sql).isNotEmpty();
  }
}
