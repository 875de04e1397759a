package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.joblog.ingest.metadata.MetadataRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata written by the writer's tables and read through the public functions. */
class MetadataTablesTest {

  private final MetadataRig metadata = new MetadataRig();

  @AfterEach
  void close() throws SQLException {
    metadata.close();
  }

  @Test
  void recordsComeBackNewestFirstAsTheyWerePrinted() throws Exception {
    metadata.print(1, "{\"epoch\": 1, \"loss\": 0.5}", "{\"size\":\"big\",\"nan\":NaN}");
    metadata.print(1, "{\"epoch\": 2, \"v\": {\"acc\": 1.50}}");
    assertThat(
            metadata.rows(
                """
                SELECT sequence, record, extract(epoch FROM "time") * 1000000, stream_key, line
                FROM jobs.metadata_records('1')
                """))
        .containsExactly(
            "2|{\"epoch\":2,\"v\":{\"acc\":1.50}}|" + MetadataRig.micros(2) + "|7|null",
            "1|{\"size\":\"big\",\"nan\":\"NaN\"}|" + MetadataRig.micros(1) + "|7|null",
            "0|{\"epoch\":1,\"loss\":0.5}|" + MetadataRig.micros(0) + "|7|null");
    assertThat(metadata.rows("SELECT sequence FROM jobs.metadata_records('1', 1)"))
        .containsExactly("2");
    assertThat(metadata.rows("SELECT sequence FROM jobs.metadata_records('1', before => 2)"))
        .containsExactly("1", "0");
    assertThat(
            metadata.rows(
                "SELECT sequence FROM jobs.metadata_records('1', since => joblog.at(%d), until =>"
                        .formatted(Samples.NOON + 1_000_000)
                    + " joblog.at(%d))".formatted(Samples.NOON + 1_000_000)))
        .containsExactly("1");
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_records('2')")).isEmpty();
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_records('nobody')")).isEmpty();
  }

  @Test
  void objectsAsLongAsALineMayBeComeBackWhole() throws Exception {
    String text = "{\"a\":2,\"text\":\"" + "x".repeat(1_000_000) + "\"}";
    String array = "{\"list\":[0" + ",[]".repeat(300_000) + "]}";
    metadata.print(1, "{\"a\":1}", text, array, "{\"a\":3}");
    assertThat(
            metadata.rows("SELECT sequence, length(record::text) FROM jobs.metadata_records('1')"))
        .containsExactly("3|7", "2|" + array.length(), "1|" + text.length(), "0|7");
  }

  @Test
  void smallBlocksAreJoinedWhenTheyFillUp() throws Exception {
    for (int i = 0; i < 999; i++) {
      metadata.print(1, "{\"step\":" + i + (i % 100 == 7 ? ",\"val\":" + i : "") + "}");
    }
    assertThat(metadata.rows("SELECT count(*) FROM joblog.metadata_block")).containsExactly("999");
    List<String> before = metadata.rows("SELECT * FROM jobs.metadata_records('1', 2000)");
    List<String> points =
        metadata.rows("SELECT * FROM jobs.metadata_by_time('1', points => 10000)");
    metadata.print(1, "{\"step\":999}");
    assertThat(metadata.rows("SELECT count(*), sum(records) FROM joblog.metadata_block"))
        .containsExactly("1|1000");
    assertThat(metadata.rows("SELECT key, count FROM joblog.metadata_column ORDER BY key"))
        .containsExactly("step|1000", "val|10");
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_records('1', 2000)"))
        .endsWith(before.toArray(String[]::new));
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_by_time('1', points => 10000)"))
        .startsWith(points.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsReadIsWhatWasPrintedWhateverTheCommits(long seed) throws Exception {
    Random random = new Random(seed);
    List<String> printed = new ArrayList<>();
    TreeMap<Double, String> lossByStep = new TreeMap<>();
    int commits = 20 + random.nextInt(20);
    for (int commit = 0; commit < commits; commit++) {
      String[] lines = new String[1 + random.nextInt(random.nextInt(10) == 0 ? 2500 : 200)];
      for (int i = 0; i < lines.length; i++) {
        long step = (printed.size() + i) / 3;
        double loss = random.nextGaussian();
        boolean hasLoss = random.nextInt(5) > 0;
        lines[i] = "{\"step\":" + step + (hasLoss ? ",\"loss\":" + loss : "") + "}";
        if (hasLoss) {
          lossByStep.put((double) step, Double.toString(loss));
        }
      }
      metadata.print(1, lines);
      metadata.print(2, "{\"step\":0,\"loss\":1000}");
      printed.addAll(List.of(lines));
      if (random.nextInt(4) == 0) {
        metadata.restart();
      }
    }
    assertThat(metadata.rows("SELECT record FROM jobs.metadata_records('1', 10000)"))
        .containsExactlyElementsOf(printed.reversed().stream().limit(10_000).toList());
    List<String> expected =
        lossByStep.entrySet().stream()
            .map(point -> point.getKey() + "|" + point.getValue())
            .toList();
    assertThat(lossByStep.size()).isLessThan(10_000);
    assertThat(
            metadata.numbers(
                "SELECT x, value FROM jobs.metadata_by_x('1', 'auto', points => 10000)"))
        .isEqualTo(expected);
  }

  @Test
  void anotherServersRecordsWithTheSameNumbersAreKeptToo() throws Exception {
    metadata.print(1, "{\"a\":1}", "{\"a\":2}");
    metadata.forget(1);
    metadata.print(1, "{\"a\":3}");
    metadata.print(1, MetadataRig.numbered(1100, i -> "{\"a\":" + i + "}"));
    assertThat(
            metadata.rows(
                "SELECT count(*), min(sequence), max(sequence) FROM jobs.metadata_records('1', 9999)"))
        .containsExactly("1103|0|1100");
    assertThat(metadata.rows("SELECT count(*) FROM jobs.metadata_by_time('1', points => 9999)"))
        .containsExactly("1103");
  }

  @Test
  void aHoleInTheNumbersIsNoGapInTheTable() throws Exception {
    metadata.print(1, "{\"a\":0}");
    metadata.skip(1, 3);
    metadata.print(1, "{\"a\":4}");
    metadata.skip(1, 2000);
    metadata.print(1, "{\"a\":2005}");
    assertThat(metadata.rows("SELECT sequence, value FROM jobs.metadata_by_time('1')"))
        .containsExactly("0|0", "4|4", "2005|2005");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theNewestRecordsAreThoseWhateverTheirNumbersTimesAndBlocks(long seed) throws Exception {
    Random random = new Random(seed);
    for (int commit = 0; commit < 60; commit++) {
      switch (random.nextInt(6)) {
        case 0 -> metadata.skip(1, random.nextInt(6_000));
        case 1 -> metadata.print(1, "{}");
        default -> {
          int records = 1 + random.nextInt(random.nextBoolean() ? 150 : 1_500);
          metadata.print(1, MetadataRig.numbered(records, i -> "{\"a\":" + i + "}"));
        }
      }
    }
    List<Long> sequences =
        metadata.rows("SELECT sequence FROM jobs.metadata_records('1', 10000)").stream()
            .map(Long::valueOf)
            .toList();
    List<Long> all =
        metadata
            .rows(
                """
                SELECT first_sequence + generate_series(0, records - 1) FROM joblog.metadata_block
                ORDER BY 1 DESC
                """)
            .stream()
            .map(Long::valueOf)
            .toList();
    assertThat(sequences).isEqualTo(all.stream().limit(10_000).toList());
    for (int question = 0; question < 40; question++) {
      int n = 1 + random.nextInt(random.nextBoolean() ? 5 : 3_000);
      long before = random.nextInt(3) == 0 ? Long.MAX_VALUE : all.get(random.nextInt(all.size()));
      long since = random.nextInt(3) == 0 ? 0 : all.get(random.nextInt(all.size()));
      long until = random.nextInt(3) == 0 ? all.getFirst() : all.get(random.nextInt(all.size()));
      List<String> expected =
          all.stream()
              .filter(sequence -> sequence < before && sequence >= since && sequence <= until)
              .limit(n)
              .map(String::valueOf)
              .toList();
      String at = "to_timestamp(%d)";
      assertThat(
              metadata.rows(
                  "SELECT sequence FROM jobs.metadata_records('1', %d, %s, %s, %d)"
                      .formatted(
                          n,
                          at.formatted(Samples.NOON / 1_000_000 + since),
                          at.formatted(Samples.NOON / 1_000_000 + until),
                          before)))
          .as("n %d, since %d, until %d, before %d", n, since, until, before)
          .isEqualTo(expected);
    }
  }

  @Test
  void whatIsNoJsonIsRefused() throws Exception {
    MetadataRecord broken =
        new MetadataRecord(0, Samples.NOON, MetadataRig.STREAM, -1, "{\"a\":", List.of());
    try (Connection connection = TestPostgres.connect(metadata.postgres().writer())) {
      assertThatThrownBy(() ->
              new MetadataTables()
                  .writeRecords(
                      connection, List.of(new MetadataTables.JobRecord(1, broken)), Map.of()))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("22P02");
    }
  }

  @Test
  void largeRecordsMakeSmallBlocks() throws Exception {
    String large = "{\"a\":1,\"text\":\"" + "x".repeat(50_000) + "\"}";
    metadata.print(1, MetadataRig.numbered(20, i -> large));
    assertThat(
            metadata.rows(
                "SELECT max(length(body::text)) < 400000, sum(records) FROM joblog.metadata_block"))
        .containsExactly("t|20");
    assertThat(metadata.rows("SELECT count(*) FROM jobs.metadata_by_time('1')"))
        .containsExactly("20");
  }

  @Test
  void aReaderSeesAllThisAndNothingElse() throws Exception {
    metadata.print(1, "{\"step\":1,\"loss\":2}", "{\"step\":2,\"loss\":1}");
    try (Connection connection = TestPostgres.connect(metadata.postgres().reader())) {
      for (String sql :
          List.of(
              "SELECT * FROM jobs.metadata_records('1')",
              "SELECT * FROM jobs.metadata_latest('1')",
              "SELECT * FROM jobs.metadata_keys('1')",
              "SELECT * FROM jobs.metadata_x_candidates('1')",
              "SELECT * FROM jobs.metadata_by_time('1')",
              "SELECT * FROM jobs.metadata_by_x('1')",
              "SELECT * FROM jobs.metadata_compare(ARRAY['1'], 'loss')")) {
        assertThat(Rows.of(connection, sql)).as(sql).isNotEmpty();
      }
      assertThatThrownBy(() -> Rows.of(connection, "SELECT * FROM joblog.metadata_block"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void aHundredRecordsOfOneCommitAreWrittenOnce() throws SQLException {
    for (int commit = 0; commit < 11; commit++) {
      metadata.print(1, MetadataRig.numbered(99, i -> "{\"a\":" + i + "}"));
      metadata.print(2, MetadataRig.numbered(100, i -> "{\"a\":" + i + "}"));
    }

    String blocks = "SELECT records, keys FROM joblog.metadata_block WHERE job_key = %d ORDER BY 1";
    assertThat(metadata.rows(blocks.formatted(1))).containsExactly("89|{a}", "1000|null");
    assertThat(metadata.rows(blocks.formatted(2))).hasSize(11).containsOnly("100|null");
  }

  @Test
  void fewBlocksAndManyAreStoredAlike() throws SQLException {
    String[] lines =
        MetadataRig.numbered(
            8_050,
            i ->
                switch (i % 4) {
                  case 0 -> "{\"step\":%d,\"big\":%d}".formatted(i, Long.MAX_VALUE - i);
                  case 1 -> "{\"step\":%d,\"text\":\"'\\\"é,{}\"}".formatted(i);
                  case 2 -> "{\"\\\"a\\\\b\":%d,\"step\":%d}".formatted(-i, i);
                  default -> "{\"none\":null,\"\":%s}".formatted(i / 3.0);
                });
    metadata.print(1, lines);
    for (int begin = 0; begin < lines.length; begin += 1000) {
      metadata.print(2, Arrays.copyOfRange(lines, begin, Math.min(begin + 1000, lines.length)));
    }

    String blocks =
        """
        SELECT first_sequence, records, first_at, last_at, stream_keys, at_micros, lines, body::text,
          keys, numbers, integers, CASE WHEN keys IS NOT NULL THEN carried END
        FROM joblog.metadata_block WHERE job_key = %d ORDER BY first_sequence
        """;
    assertThat(metadata.rows(blocks.formatted(1)))
        .hasSize(9)
        .isEqualTo(metadata.rows(blocks.formatted(2)));
    String columns =
        """
        SELECT c.key, c.first_sequence, c.records, c.count,
          c.first_place, c.last_place, c.min_place, c.max_place, c.first_value, c.last_value,
          c.min_value, c.max_value, c.mean_value, c.strict, c.numbers, c.integers
        FROM joblog.metadata_column c JOIN joblog.metadata_block USING (job_key, block_key)
        WHERE job_key = %d ORDER BY c.first_sequence, c.key
        """;
    assertThat(metadata.rows(columns.formatted(1)))
        .hasSize(8 * 4)
        .isEqualTo(metadata.rows(columns.formatted(2)));
  }
}
