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

/** Each public function on a database with many jobs: what it reads is of its own job. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetadataPlansTest {

  /** Other jobs, each as large as the one that is asked for. */
  private static final int OTHERS = 500;

  private final TestPostgres postgres = TestPostgres.create();

  @BeforeAll
  void fill() throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO joblog.job (job_key, cluster, job, restart, user_name, uid, name, started_at,
            mode, commands)
          SELECT g, 'c', g::text, 0, 'u', 1, '', now(), 'enabled', true
          FROM generate_series(1, %1$d) g;
          INSERT INTO joblog.metadata_key (job_key, key, count, holes, all_integers, increased,
            decreased, x_class, first_value, last_value, min_value, max_value, last_sequence, last_at)
          SELECT g, k, 40, 0, true, true, false, 3, 0, 39, 0, 39, 39, now()
          FROM generate_series(1, %1$d) g, unnest(ARRAY['step', 'loss']) k;
          INSERT INTO joblog.metadata_block (job_key, first_sequence, block_key, records, first_at,
            last_at, stream_keys, body, keys, numbers)
          SELECT g, b * 10, b, 10, now(), now(), ARRAY[1],
            (SELECT json_agg(json_build_object('step', b * 10 + i, 'loss', i)) FROM generate_series(0, 9) i),
            CASE WHEN b %% 2 = 1 THEN ARRAY['step', 'loss'] END,
            CASE WHEN b %% 2 = 1 THEN (SELECT array_agg(b * 10 + i) FROM generate_series(0, 9) i)
              || (SELECT array_agg(i) FROM generate_series(0, 9) i) END
          FROM generate_series(1, %1$d) g, generate_series(0, 3) b;
          INSERT INTO joblog.metadata_column (job_key, key, first_sequence, block_key, records, count,
            first_place, last_place, min_place, max_place, first_value, last_value, min_value,
            max_value, mean_value, strict, numbers)
          SELECT g, k, b * 10, b, 10, 10, 1, 10, 1, 10, b * 10, b * 10 + 9, b * 10, b * 10 + 9, 4, true,
            (SELECT array_agg(b * 10 + i) FROM generate_series(0, 9) i)
          FROM generate_series(1, %1$d) g, generate_series(0, 2, 2) b, unnest(ARRAY['step', 'loss']) k;
          ANALYZE;
          """
              .formatted(OTHERS + 1));
    }
  }

  @AfterAll
  void close() {
    postgres.close();
  }

  static Stream<String> queries() {
    return List.of(
        "SELECT * FROM jobs.metadata_records('7')",
        "SELECT * FROM jobs.metadata_records('7', 5, now() - interval '1 hour', now(), 30)",
        "SELECT * FROM jobs.metadata_latest('7')",
        "SELECT * FROM jobs.metadata_keys('7')",
        "SELECT * FROM jobs.metadata_x_candidates('7')",
        "SELECT jobs.metadata_x('7')",
        "SELECT * FROM jobs.metadata_by_time('7')",
        "SELECT * FROM jobs.metadata_by_time('7', ARRAY['loss'], now() - interval '1 hour', now())",
        "SELECT * FROM jobs.metadata_by_x('7')",
        "SELECT * FROM jobs.metadata_by_x('7', 'step', ARRAY['loss'], 'mean')",
        "SELECT * FROM jobs.metadata_by_x('7', 'step', NULL, 'spread')",
        "SELECT * FROM jobs.metadata_compare(ARRAY['7', '8'], 'loss')",
        "SELECT * FROM jobs.metadata_graph_keys('7', ARRAY['(all)'], 'auto')",
        "SELECT * FROM jobs.metadata_graph_by_time('7', ARRAY['(all)'], NULL, NULL, 5, 0.1)",
        "SELECT * FROM jobs.metadata_graph_by_x('7', 'step', ARRAY['loss'], 'mean', 5, 0.1)",
        "SELECT * FROM jobs.metadata_graph_compare(ARRAY['7', '8'], 'loss')",
        "SELECT * FROM jobs.job_labels(ARRAY['7', '8'])")
        .stream();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aQueryReadsNoRowsOfOtherJobs(String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.reader())) {
      assertThat(Rows.of(connection, sql)).isNotEmpty();
      List<String> plan = Rows.of(connection, "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + sql);
      assertThat(plan)
          .as("the whole plan is visible")
          .noneMatch(node -> node.contains("Function Scan on metadata_"));
      // Scans of the empty partitions of the next weeks read nothing, whatever their kind.
      for (int i = 0; i < plan.size(); i++) {
        assertThat(rowsRead(plan, i)).as("%s%n%s", sql, String.join("\n", plan)).isLessThan(200);
      }
    }
  }

  private static final Pattern ROWS = Pattern.compile("rows=([0-9.]+) loops=([0-9]+)");
  private static final Pattern REMOVED = Pattern.compile("Rows Removed by Filter: ([0-9]+)");

  /** Rows that a scan of a table returned or threw away. */
  private static double rowsRead(List<String> plan, int line) {
    String node = plan.get(line);
    if (!node.contains("Scan") || !node.contains(" on ")) {
      return 0;
    }
    double read = 0;
    Matcher rows = ROWS.matcher(node);
    if (rows.find()) {
      read += Double.parseDouble(rows.group(1)) * Double.parseDouble(rows.group(2));
    }
    for (int i = line + 1; i < plan.size() && !plan.get(i).contains("->"); i++) {
      Matcher removed = REMOVED.matcher(plan.get(i));
      if (removed.find()) {
        read += Double.parseDouble(removed.group(1));
      }
    }
    return read;
  }
}
