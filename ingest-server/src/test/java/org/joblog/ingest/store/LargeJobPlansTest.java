package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job of many blocks among many small ones, of which alone the planner knows: it takes each job
 * to have a few rows, and must not compare all blocks, or all points, with each other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeJobPlansTest {

  private static final int BLOCKS = 1_500;
  private static final int RECORDS = 100;

  /** Each with each would be more than two million; all points of two keys are 300,000. */
  private static final double MOST_ROWS = 1_000_000;

  private static final Pattern ROWS = Pattern.compile("rows=([0-9.]+) loops=([0-9]+)");
  private static final Pattern REMOVED = Pattern.compile("Rows Removed by [A-Za-z ]+: ([0-9]+)");

  private final MetadataRig metadata = new MetadataRig();

  @BeforeAll
  void print() throws SQLException {
    try (Connection connection = metadata.postgres().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO joblog.metadata_key (job_key, key, count, holes, all_integers, increased,
            decreased, x_class, first_value, last_value, min_value, max_value, last_sequence, last_at)
          SELECT 100 + g, k, 4, 0, true, true, false, 3, 0, 3, 0, 3, 3, now()
          FROM generate_series(1, 5000) g, unnest(ARRAY['step', 'loss']) k;
          INSERT INTO joblog.metadata_block (job_key, first_sequence, block_key, records, first_at,
            last_at, stream_keys, body)
          SELECT 100 + g, 0, g, 1, now(), now(), ARRAY[1], '[{}]' FROM generate_series(1, 5000) g;
          INSERT INTO joblog.metadata_column (job_key, key, first_sequence, block_key, records, count,
            first_place, last_place, min_place, max_place, first_value, last_value, min_value,
            max_value, mean_value, strict, numbers)
          SELECT 100 + g, k, 0, g, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, true, ARRAY[1]
          FROM generate_series(1, 5000) g, unnest(ARRAY['step', 'loss']) k;
          ANALYZE;
          """);
    }
    for (int block = 0; block < BLOCKS; block++) {
      int first = block * RECORDS;
      metadata.print(
          1,
          MetadataRig.numbered(
              RECORDS,
              i ->
                  "{\"step\":%d,\"rank_step\":%d,\"again\":%d,\"loss\":%d}"
                      .formatted(
                          first + i,
                          (first + i) / 8,
                          (first + i) % (BLOCKS * RECORDS * 2 / 3),
                          (first + i) * 7_919L % 1_000_003)));
    }
  }

  @AfterAll
  void close() throws SQLException {
    metadata.close();
  }

  static Stream<String> queries() {
    Stream<String> byX =
        Stream.of("step", "rank_step", "again", "loss")
            .flatMap(x ->
                Stream.of("last", "mean", "spread")
                    .map(sameX ->
                        "SELECT * FROM jobs.metadata_by_x('1', '%s', ARRAY['loss', 'step'], '%s')"
                            .formatted(x, sameX)));
    return Stream.concat(
        byX,
        Stream.of(
            "SELECT * FROM jobs.metadata_records('1')",
            "SELECT * FROM jobs.metadata_records('1', 500, before => 50000)",
            "SELECT * FROM jobs.metadata_by_time('1', ARRAY['loss', 'step'])",
            "SELECT * FROM jobs.metadata_graph_by_time('1', ARRAY['loss'], NULL, NULL, 5, 0.1)",
            "SELECT * FROM jobs.metadata_graph_by_x('1', 'again', ARRAY['loss'], 'last', 5, 0.1)"));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void noBlocksOrPointsAreComparedEachWithEach(String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(metadata.postgres().reader())) {
      List<String> plan = Rows.of(connection, "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + sql);
      double loops = 1;
      for (String line : plan) {
        Matcher rows = ROWS.matcher(line);
        Matcher removed = REMOVED.matcher(line);
        double seen = 0;
        if (rows.find()) {
          loops = Double.parseDouble(rows.group(2));
          seen = Double.parseDouble(rows.group(1)) * loops;
        } else if (removed.find()) {
          seen = Double.parseDouble(removed.group(1)) * loops;
        }
        assertThat(seen).as("%s%n%s%n%s", sql, line, String.join("\n", plan)).isLessThan(MOST_ROWS);
      }
    }
  }
}
