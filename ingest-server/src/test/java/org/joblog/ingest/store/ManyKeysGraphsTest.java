package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A job whose keys have so many numbers together that not each is looked at, although none of them
 * has very many: its curves keep their detail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyKeysGraphsTest {

  private static final int RECORDS = 12_345;
  private static final int KEYS = 10;

  /** The key of what is measured now and then: every hundredth record has it. */
  private static final int RARE = 100;

  private final MetadataRig metadata = new MetadataRig();

  @BeforeAll
  void print() throws SQLException {
    for (int begin = 0; begin < RECORDS; begin += 50) {
      int first = begin;
      int count = Math.min(50, RECORDS - begin);
      metadata.print(1, MetadataRig.numbered(count, i -> record(first + i)));
    }
  }

  @AfterAll
  void close() throws SQLException {
    metadata.close();
  }

  private static String record(int i) {
    String keys =
        IntStream.range(0, KEYS)
            .mapToObj(k -> "\"k%d\":%d".formatted(k, (long) i * (7_919 + k) % 100_003))
            .collect(Collectors.joining(","));
    String rare = i % RARE == 7 ? ",\"rare\":" + i : "";
    return "{\"step\":%d,\"left\":%d,\"back\":%d,\"ranks\":%d,%s%s}"
        .formatted(i, -i, Math.abs(i - 9_000), i / 2, keys, rare);
  }

  @ParameterizedTest
  @CsvSource({
    "step, last",
    "step, mean",
    "step, spread",
    "ranks, last",
    "ranks, mean",
    "ranks, spread",
    "back, last",
    "back, mean",
    "back, spread"
  })
  void curvesByXKeepTheirDetail(String x, String sameX) throws SQLException {
    List<String> curves =
        metadata.rows(
            """
            SELECT key, count(*) BETWEEN 700 AND 1000, count(DISTINCT floor(x / 100)) >= %d
            FROM jobs.metadata_by_x('1', '%s', NULL, '%s') WHERE key LIKE 'k%%' GROUP BY key
            """
                .formatted(x.equals("step") ? 123 : x.equals("back") ? 90 : 61, x, sameX));

    assertThat(curves).hasSize(KEYS).allMatch(curve -> curve.endsWith("|t|t"));
  }

  @Test
  void curvesByTimeKeepTheirDetail() throws SQLException {
    List<String> curves =
        metadata.rows(
            """
            SELECT key, count(*) BETWEEN 700 AND 1000, count(DISTINCT sequence / 100) >= 123
            FROM jobs.metadata_by_time('1') WHERE key LIKE 'k%' GROUP BY key
            """);

    assertThat(curves).hasSize(KEYS).allMatch(curve -> curve.endsWith("|t|t"));
  }

  @ParameterizedTest
  @CsvSource({
    "by_time('1')",
    "'by_x(''1'', ''step'')'",
    "'by_x(''1'', ''ranks'', NULL, ''mean'')'",
    "'by_x(''1'', ''back'', NULL, ''spread'')'"
  })
  void ofWhatIsMeasuredNowAndThenEachPointIsShown(String call) throws SQLException {
    assertThat(metadata.rows("SELECT count(*) FROM jobs.metadata_" + call + " WHERE key = 'rare'"))
        .containsExactly(Integer.toString((RECORDS + RARE - 8) / RARE));
  }

  @Test
  void aRangeOfTimeEndsWithItsLastValueAndHoldsItsExtremes() throws SQLException {
    // It ends in the middle of a block of a thousand, as it begins.
    String range = "to_timestamp(%s / 1e6)".formatted(Samples.NOON + 345_000_000L);
    String end = "to_timestamp(%s / 1e6)".formatted(Samples.NOON + 11_876_000_000L);

    assertThat(
            metadata.rows(
                """
                SELECT min(sequence), max(sequence) FROM jobs.metadata_by_time('1', NULL, %s, %s)
                WHERE key = 'k3'
                """
                    .formatted(range, end)))
        .singleElement()
        .satisfies(ends -> {
          String[] sequences = ends.split("\\|");
          assertThat(Integer.parseInt(sequences[0])).isBetween(345, 400);
          assertThat(sequences[1]).isEqualTo("11876");
        });
    long[] values =
        IntStream.rangeClosed(345, 11_876).mapToLong(i -> (long) i * 7_922 % 100_003).toArray();
    assertThat(
            metadata.numbers(
                """
                SELECT min(value), max(value) FROM jobs.metadata_by_time('1', NULL, %s, %s)
                WHERE key = 'k3'
                """
                    .formatted(range, end)))
        .containsExactly(
            "%s|%s"
                .formatted(
                    (double) Arrays.stream(values).min().orElseThrow(),
                    (double) Arrays.stream(values).max().orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({"step, last", "left, last", "left, mean", "left, spread"})
  void bothEndsAreThereAlsoWhereXFalls(String x, String sameX) throws SQLException {
    assertThat(
            metadata.rows(
                """
                SELECT min(sequence), max(sequence), count(*) <= 1000
                FROM jobs.metadata_by_x('1', '%s', ARRAY['k3'], '%s')
                """
                    .formatted(x, sameX)))
        .containsExactly("0|%d|t".formatted(RECORDS - 1));
  }

  @Test
  void aGraphByTimeBeginsWithTheFirstValue() throws SQLException {
    assertThat(metadata.rows("SELECT min(sequence) FROM jobs.metadata_by_time('1', ARRAY['k3'])"))
        .containsExactly("0");
  }

  @Test
  void theMeanOfOneValueIsThatValueHoweverSmall() throws SQLException {
    metadata.print(2, "{\"step\":1,\"p\":4.9e-324}", "{\"step\":2,\"p\":1e-305}");

    assertThat(metadata.numbers("SELECT value FROM jobs.metadata_by_x('2', 'step', NULL, 'mean')"))
        .containsExactly("4.9E-324", "1.0E-305");
  }
}
