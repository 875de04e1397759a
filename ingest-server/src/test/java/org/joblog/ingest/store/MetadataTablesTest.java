package org.joblog.ingest.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.KeyTable;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.metadata.RecordReading;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata written by the writer's tables and read through the public functions. */
class MetadataTablesTest {

  private static final long STREAM = 7;

  private final TestPostgres postgres = TestPostgres.create();
  private Connection writer;

  private final MetadataTables tables = new MetadataTables();
  private final RecordReader reader = new RecordReader(MetadataLimits.DEFAULT);
  private final Map<Long, KeyTable> keys = new HashMap<>();
  private final Map<Long, Long> next = new HashMap<>();

  @BeforeEach
  void connectAndAddJobs() throws SQLException {
    writer = TestPostgres.connect(postgres.writer());
    writer.setAutoCommit(false);
    for (long job = 1; job <= 3; job++) {
      addJob(job);
    }
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    postgres.close();
  }

  @Test
  void recordsComeBackNewestFirstAsTheyWerePrinted() throws Exception {
    print(1, "{\"epoch\": 1, \"loss\": 0.5}", "{\"size\":\"big\",\"nan\":NaN}");
    print(1, "{\"epoch\": 2, \"v\": {\"acc\": 1.50}}");
    assertThat(
            rows(
                """
                SELECT sequence, record, extract(epoch FROM "time") * 1000000, stream_key, line
                FROM jobs.metadata_records('1')
                """))
        .containsExactly(
            "2|{\"epoch\":2,\"v\":{\"acc\":1.50}}|" + micros(2) + "|7|null",
            "1|{\"size\":\"big\",\"nan\":\"NaN\"}|" + micros(1) + "|7|null",
            "0|{\"epoch\":1,\"loss\":0.5}|" + micros(0) + "|7|null");
    assertThat(rows("SELECT sequence FROM jobs.metadata_records('1', 1)")).containsExactly("2");
    assertThat(rows("SELECT sequence FROM jobs.metadata_records('1', before => 2)"))
        .containsExactly("1", "0");
    assertThat(
            rows(
                "SELECT sequence FROM jobs.metadata_records('1', since => joblog.at(%d), until =>"
                        .formatted(Samples.NOON + 1_000_000)
                    + " joblog.at(%d))".formatted(Samples.NOON + 1_000_000)))
        .containsExactly("1");
    assertThat(rows("SELECT * FROM jobs.metadata_records('2')")).isEmpty();
    assertThat(rows("SELECT * FROM jobs.metadata_records('nobody')")).isEmpty();
  }

  @Test
  void integersBeyondTwoToThe53AreExact() throws Exception {
    print(1, "{\"id\":9007199254740993}", "{\"id\":-9223372036854775808}", "{\"id\":1}");
    String sql = "SELECT integer_value FROM jobs.metadata_by_time('1', ARRAY['id'])";
    assertThat(rows(sql)).containsExactly("9007199254740993", "-9223372036854775808", "1");
    print(1, numbered(997, i -> "{\"id\":" + (Long.MAX_VALUE - i) + "}"));
    assertThat(rows("SELECT count(*) FROM joblog.metadata_block WHERE keys IS NULL"))
        .containsExactly("1");
    assertThat(rows(sql)).startsWith("9007199254740993", "-9223372036854775808", "1");
    assertThat(rows(sql)).endsWith(Long.toString(Long.MAX_VALUE - 996));
    assertThat(rows("SELECT max_value, last_text FROM jobs.metadata_keys('1')"))
        .containsExactly(Long.MAX_VALUE + "|" + (Long.MAX_VALUE - 996));
  }

  @Test
  void smallBlocksAreJoinedWhenTheyFillUp() throws Exception {
    for (int i = 0; i < 999; i++) {
      print(1, "{\"step\":" + i + (i % 100 == 7 ? ",\"val\":" + i : "") + "}");
    }
    assertThat(rows("SELECT count(*) FROM joblog.metadata_block")).containsExactly("999");
    List<String> before = rows("SELECT * FROM jobs.metadata_records('1', 2000)");
    List<String> points = rows("SELECT * FROM jobs.metadata_by_time('1', points => 10000)");
    print(1, "{\"step\":999}");
    assertThat(rows("SELECT count(*), sum(records) FROM joblog.metadata_block"))
        .containsExactly("1|1000");
    assertThat(rows("SELECT key, count FROM joblog.metadata_column ORDER BY key"))
        .containsExactly("step|1000", "val|10");
    assertThat(rows("SELECT * FROM jobs.metadata_records('1', 2000)")).endsWith(strings(before));
    assertThat(rows("SELECT * FROM jobs.metadata_by_time('1', points => 10000)"))
        .startsWith(strings(points));
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
      print(1, lines);
      print(2, "{\"step\":0,\"loss\":1000}");
      printed.addAll(List.of(lines));
      if (random.nextInt(4) == 0) {
        restart();
      }
    }
    assertThat(rows("SELECT record FROM jobs.metadata_records('1', 10000)"))
        .containsExactlyElementsOf(printed.reversed().stream().limit(10_000).toList());
    List<String> expected =
        lossByStep.entrySet().stream()
            .map(point -> point.getKey() + "|" + point.getValue())
            .toList();
    assertThat(lossByStep.size()).isLessThan(10_000);
    assertThat(numbers("SELECT x, value FROM jobs.metadata_by_x('1', 'auto', points => 10000)"))
        .isEqualTo(expected);
  }

  @Test
  void theMeanAndTheSpreadOfSeveralValuesAtOneX() throws Exception {
    print(1, "{\"epoch\":0,\"loss\":1}", "{\"epoch\":0,\"loss\":2}", "{\"epoch\":0,\"loss\":6}");
    print(1, "{\"epoch\":2,\"loss\":5}", "{\"epoch\":2,\"loss\":7}", "{\"loss\":9}");
    assertThat(numbers("SELECT x, value FROM jobs.metadata_by_x('1')"))
        .containsExactly("0.0|6.0", "2.0|7.0");
    assertThat(numbers("SELECT x, value FROM jobs.metadata_by_x('1', same_x => 'mean')"))
        .containsExactly("0.0|3.0", "2.0|6.0");
    assertThat(
            numbers(
                "SELECT round(x::numeric, 3), value FROM jobs.metadata_by_x('1', same_x => 'spread')"))
        .containsExactly("0.0|1.0", "0.667|2.0", "1.333|6.0", "2.0|5.0", "3.0|7.0");
  }

  @Test
  void extremesAndTheLastValueSurviveTheReduction() throws Exception {
    print(
        1,
        numbered(
            5000,
            i ->
                "{\"step\":"
                    + i
                    + ",\"loss\":"
                    + (i == 1234 ? 1e6 : i == 4321 ? -1e6 : i % 7)
                    + "}"));
    for (String sql :
        List.of(
            "SELECT x, value FROM jobs.metadata_by_x('1', 'step')",
            "SELECT sequence, value FROM jobs.metadata_by_time('1', ARRAY['loss'])")) {
      List<String> points = numbers(sql);
      assertThat(points)
          .hasSizeBetween(300, 1000)
          .contains("1234.0|1000000.0", "4321.0|-1000000.0");
      assertThat(points.getLast()).isEqualTo("4999.0|" + (4999 % 7) + ".0");
      assertThat(points).allSatisfy(point -> assertThat(isReal(point)).isTrue());
    }
  }

  private static boolean isReal(String point) {
    String[] parts = point.split("\\|", -1);
    double step = Double.parseDouble(parts[0]);
    double value = Double.parseDouble(parts[1]);
    return Math.abs(value) == 1e6 || value == step % 7;
  }

  @Test
  void aLongGraphIsSampledFromItsBlocksAndKeepsItsExtremes() throws Exception {
    for (int part = 0; part < 30; part++) {
      int begin = part * 5000;
      print(
          1,
          numbered(
              5000,
              i ->
                  "{\"step\":%d,\"epoch\":%d,\"loss\":%s}"
                      .formatted(
                          begin + i,
                          (begin + i) / 12_500,
                          begin + i == 77_777
                              ? 1e9
                              : begin + i == 123_456 ? -1e9 : (begin + i) % 11)));
    }
    assertThat(numbers("SELECT x, value FROM jobs.metadata_by_x('1', 'step', ARRAY['loss'])"))
        .hasSizeBetween(300, 1000)
        .contains("77777.0|1.0E9", "123456.0|-1.0E9")
        .endsWith("149999.0|" + (149_999 % 11) + ".0");
    assertThat(numbers("SELECT sequence, value FROM jobs.metadata_by_time('1', ARRAY['loss'])"))
        .hasSizeBetween(300, 1000)
        .contains("77777.0|1.0E9", "123456.0|-1.0E9")
        .endsWith("149999.0|" + (149_999 % 11) + ".0");
    List<String> lastOfEpochs = new ArrayList<>();
    for (int epoch = 0; epoch < 12; epoch++) {
      lastOfEpochs.add(epoch + ".0|" + ((epoch + 1) * 12_500 - 1) % 11 + ".0");
    }
    assertThat(numbers("SELECT x, value FROM jobs.metadata_by_x('1', 'epoch', ARRAY['loss'])"))
        .isEqualTo(lastOfEpochs);
    assertThat(
            numbers(
                "SELECT x, round(value::numeric, 6) FROM jobs.metadata_by_x('1', 'epoch',"
                    + " ARRAY['step'], 'mean')"))
        .startsWith("0.0|6249.5", "1.0|18749.5");
  }

  @Test
  void theXAxisIsChosenInTheOrderOfItsClasses() throws Exception {
    print(1, "{\"lr\":3,\"seed\":1,\"b\":0.5,\"a\":0.5,\"step\":1}");
    assertThat(rows("SELECT jobs.metadata_x('1')")).containsExactly("a");
    print(1, "{\"lr\":2,\"seed\":1,\"b\":0.6,\"a\":0.4,\"step\":2,\"word\":\"x\"}");
    assertThat(rows("SELECT x, x_class FROM jobs.metadata_x_candidates('1')"))
        .containsExactly("step|3", "b|4", "lr|5", "a|6", "seed|7");
    print(1, "{\"epoch\":1}", "{\"progress\":\"half\"}");
    assertThat(rows("SELECT jobs.metadata_x('1')")).containsExactly("epoch");
    print(1, "{\"progress\":0.5}");
    assertThat(rows("SELECT jobs.metadata_x('1', 'auto'), jobs.metadata_x('1', '')"))
        .containsExactly("progress|progress");
    assertThat(rows("SELECT jobs.metadata_x('1', 'lr'), jobs.metadata_x('1', 'word')"))
        .containsExactly("lr|null");
    assertThat(rows("SELECT jobs.metadata_x('2'), jobs.metadata_x('nobody')"))
        .containsExactly("null|null");
    assertThat(rows("SELECT * FROM jobs.metadata_by_x('1', 'word')")).isEmpty();
    assertThat(rows("SELECT * FROM jobs.metadata_by_x('2')")).isEmpty();
  }

  @Test
  void candidatesOfOneClassAreInTheOrderOfCodePoints() throws Exception {
    print(1, "{\"\uFF5E\":1,\"\uD83D\uDE00\":1,\"Z\":1,\"a\":1,\"\u00e9\":1}");
    assertThat(rows("SELECT x FROM jobs.metadata_x_candidates('1')"))
        .containsExactly("Z", "a", "\u00e9", "\uFF5E", "\uD83D\uDE00");
  }

  @Test
  void theNewestValueOfEachKeyIsShownAsItWasPrinted() throws Exception {
    print(1, "{\"loss\":0.07938926,\"flops\":789773523480.25,\"ok\":true,\"size\":\"big\"}");
    print(1, "{\"loss\":NaN,\"step\":3,\"f\":2.0}");
    assertThat(rows("SELECT key, value, number FROM jobs.metadata_latest('1')"))
        .containsExactly(
            "f|2|2",
            "loss|NaN|null",
            "step|3|3",
            "flops|789773523480.25|789773523480.25",
            "ok|true|null",
            "size|big|null");
  }

  @Test
  void theRecordsOfTheUserDocumentationAreShownToTheLastDigitAlsoAfterARestart() throws Exception {
    List<String> printed =
        List.of(
            "{\"epoch\":1,\"loss\":7.2355865,\"acc\":0.00123}",
            "{\"step\":151100,\"lr\":0.07938926,\"flops\":789773523480.1762,\"time\":16520}",
            "{\"size\":\"big\",\"speed\":\"slow\",\"lr\":0.1}");
    for (String line : printed) {
      print(1, line);
    }
    restart();
    print(1, "{\"flops\":\"none\"}");
    assertThat(rows("SELECT last_value FROM jobs.metadata_keys('1') WHERE key = 'flops'"))
        .containsExactly("789773523480.1762");
    print(1, printed.get(1));
    assertThat(rows("SELECT record FROM jobs.metadata_records('1', 1)"))
        .containsExactly(printed.get(1));
    assertThat(rows("SELECT key, value FROM jobs.metadata_latest('1')"))
        .containsExactly(
            "flops|789773523480.1762",
            "lr|0.07938926",
            "step|151100",
            "time|16520",
            "size|big",
            "speed|slow",
            "acc|0.00123",
            "epoch|1",
            "loss|7.2355865");
  }

  @Test
  void aNewestValueTooLongOrTooSmallToSpellOutIsShownAsADouble() throws Exception {
    print(
        1, "{\"long\":0.1" + "0".repeat(99) + "1,\"small\":1e-300,\"zeros\":2.500,\"large\":1e18}");
    assertThat(rows("SELECT key, value FROM jobs.metadata_latest('1')"))
        .containsExactly("large|1000000000000000000", "long|0.1", "small|1e-300", "zeros|2.5");
  }

  @Test
  void jobsAreComparedOverTheBestXThatAllHave() throws Exception {
    print(1, "{\"step\":1,\"t\":0.1,\"loss\":5}", "{\"step\":2,\"t\":0.2,\"loss\":4}");
    print(2, "{\"t\":0.1,\"loss\":7}", "{\"t\":0.3,\"loss\":6}");
    assertThat(
            rows("SELECT x, job, value, x_key FROM jobs.metadata_compare(ARRAY['1','2'], 'loss')"))
        .containsExactly("0.1|1|5|t", "0.1|2|7|t", "0.2|1|4|t", "0.3|2|6|t");
    assertThat(rows("SELECT x, job FROM jobs.metadata_compare(ARRAY['1','2','2'], 'loss', 'step')"))
        .containsExactly("1|1", "2|1");
  }

  @Test
  void anotherServersRecordsWithTheSameNumbersAreKeptToo() throws Exception {
    print(1, "{\"a\":1}", "{\"a\":2}");
    keys.remove(1L);
    next.put(1L, 0L);
    print(1, "{\"a\":3}");
    print(1, numbered(1100, i -> "{\"a\":" + i + "}"));
    assertThat(
            rows(
                "SELECT count(*), min(sequence), max(sequence) FROM jobs.metadata_records('1', 9999)"))
        .containsExactly("1103|0|1100");
    assertThat(rows("SELECT count(*) FROM jobs.metadata_by_time('1', points => 9999)"))
        .containsExactly("1103");
  }

  @Test
  void aHoleInTheNumbersIsNoGapInTheTable() throws Exception {
    print(1, "{\"a\":0}");
    next.merge(1L, 3L, Long::sum);
    print(1, "{\"a\":4}");
    next.merge(1L, 2000L, Long::sum);
    print(1, "{\"a\":2005}");
    assertThat(rows("SELECT sequence, value FROM jobs.metadata_by_time('1')"))
        .containsExactly("0|0", "4|4", "2005|2005");
  }

  @Test
  void whatIsNoJsonIsRefused() throws Exception {
    MetadataRecord broken = new MetadataRecord(0, Samples.NOON, STREAM, -1, "{\"a\":", List.of());
    try (Connection connection = TestPostgres.connect(postgres.writer())) {
      assertThatThrownBy(() ->
              tables.writeRecords(connection, List.of(new MetadataTables.JobRecord(1, broken))))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("22P02");
    }
  }

  @Test
  void everyRecordIsJsonbTooWhateverWasPrinted() throws Exception {
    print(
        1,
        "{\"\\u0000\":\"\\ud800 \\u0000 \\ude00\",\"b\":\"\\\\u0000\"}",
        "{\"a\":1e308,\"b\":-1e-308,\"c\":1e400,\"d\":0e99999999999,\"e\":1e-9999999}",
        "{\"a\":" + "9".repeat(40_000) + ",\"b\":0." + "1".repeat(40_000) + "}",
        "{\"a\":" + "[".repeat(900) + "\"\\u0000\"" + "]".repeat(900) + "}",
        "{\"a\":NaN,\"b\":[Infinity,-Infinity]}",
        "{}");
    assertThat(rows("SELECT record::jsonb IS NOT NULL FROM jobs.metadata_records('1')"))
        .containsOnly("t")
        .hasSize(6);
  }

  @Test
  void largeRecordsMakeSmallBlocks() throws Exception {
    String large = "{\"a\":1,\"text\":\"" + "x".repeat(50_000) + "\"}";
    print(1, numbered(20, i -> large));
    assertThat(
            rows(
                "SELECT max(length(body::text)) < 400000, sum(records) FROM joblog.metadata_block"))
        .containsExactly("t|20");
    assertThat(rows("SELECT count(*) FROM jobs.metadata_by_time('1')")).containsExactly("20");
  }

  @Test
  void hostileNumbersNeverMakeAQueryFail() throws Exception {
    String[] values = {"1e308", "-1e308", "5e-324", "1.7976931348623157e308", "0", "-0.0", "NaN"};
    for (int i = 0; i < 60; i++) {
      print(
          1,
          "{\"x\":%s,\"y\":%s,\"epoch\":%s}"
              .formatted(values[i % 7], values[(i / 7) % 7], values[(i / 3) % 7]));
    }
    for (String policy : List.of("last", "mean", "spread", "nonsense")) {
      for (String x : List.of("auto", "x", "y")) {
        assertThat(
                rows(
                    "SELECT * FROM jobs.metadata_by_x('1', '%s', NULL, '%s', 10)"
                        .formatted(x, policy)))
            .isNotEmpty();
      }
    }
    assertThat(rows("SELECT * FROM jobs.metadata_keys('1')")).hasSize(3);
  }

  @Test
  void aReaderSeesAllThisAndNothingElse() throws Exception {
    print(1, "{\"step\":1,\"loss\":2}", "{\"step\":2,\"loss\":1}");
    try (Connection connection = TestPostgres.connect(postgres.reader())) {
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

  private interface Line {
    String of(int number);
  }

  private static String[] numbered(int count, Line line) {
    String[] lines = new String[count];
    for (int i = 0; i < count; i++) {
      lines[i] = line.of(i);
    }
    return lines;
  }

  private static String[] strings(List<String> list) {
    return list.toArray(String[]::new);
  }

  private void addJob(long job) throws SQLException {
    try (Connection connection = postgres.connect();
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO joblog.job (job_key, cluster, job, restart, user_name, uid, name,
                  started_at, mode, commands)
                VALUES (?, 'c', ?, 0, 'u', 1, '', now(), 'enabled', true)
                """)) {
      insert.setLong(1, job);
      insert.setString(2, Long.toString(job));
      insert.executeUpdate();
    }
  }

  /** One commit with the given lines, a second apart. */
  private void print(long job, String... lines) throws SQLException {
    KeyTable table =
        keys.computeIfAbsent(job, k -> new KeyTable(MetadataLimits.DEFAULT, List.of()));
    List<MetadataTables.JobRecord> records = new ArrayList<>();
    for (String line : lines) {
      byte[] bytes = line.getBytes(UTF_8);
      long sequence = next.merge(job, 1L, Long::sum) - 1;
      long at = Samples.NOON + sequence * 1_000_000;
      RecordReading reading = reader.read(bytes, 0, bytes.length).orElseThrow();
      List<NumericValue> values = table.accept(sequence, at, reading);
      records.add(
          new MetadataTables.JobRecord(
              job, new MetadataRecord(sequence, at, STREAM, -1, reading.json(), values)));
    }
    List<MetadataTables.JobStatistics> statistics =
        table.takeChanged().stream()
            .map(known -> new MetadataTables.JobStatistics(job, known))
            .toList();
    tables.writeRecords(writer, records);
    tables.writeStatistics(writer, statistics);
    writer.commit();
  }

  /** The server starts anew and goes on from what is stored. */
  private void restart() throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.writer())) {
      for (long job : List.copyOf(keys.keySet())) {
        List<KeyStatistics> stored = tables.readStatistics(connection, job);
        keys.put(job, new KeyTable(MetadataLimits.DEFAULT, stored));
        assertThat(tables.nextSequence(connection, job)).isEqualTo(next.get(job));
      }
    }
  }

  private List<String> rows(String sql) throws SQLException {
    return Rows.of(postgres, sql);
  }

  /** Rows of numbers in one spelling. */
  private List<String> numbers(String sql) throws SQLException {
    return rows(sql).stream()
        .map(row ->
            String.join(
                "|",
                java.util.Arrays.stream(row.split("\\|", -1))
                    .map(number -> Double.toString(Double.parseDouble(number)))
                    .toList()))
        .toList();
  }

  private static String micros(long second) {
    return (Samples.NOON + second * 1_000_000) + ".000000";
  }
}
