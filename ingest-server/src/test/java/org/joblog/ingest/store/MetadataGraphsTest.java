package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Graphs of metadata: the axis, values at one X, and what a reduction keeps. */
class MetadataGraphsTest {

  private final MetadataRig metadata = new MetadataRig();

  @AfterEach
  void close() throws SQLException {
    metadata.close();
  }

  @Test
  void theMeanAndTheSpreadOfSeveralValuesAtOneX() throws Exception {
    metadata.print(
        1, "{\"epoch\":0,\"loss\":1}", "{\"epoch\":0,\"loss\":2}", "{\"epoch\":0,\"loss\":6}");
    metadata.print(1, "{\"epoch\":2,\"loss\":5}", "{\"epoch\":2,\"loss\":7}", "{\"loss\":9}");
    assertThat(metadata.numbers("SELECT x, value FROM jobs.metadata_by_x('1')"))
        .containsExactly("0.0|6.0", "2.0|7.0");
    assertThat(metadata.numbers("SELECT x, value FROM jobs.metadata_by_x('1', same_x => 'mean')"))
        .containsExactly("0.0|3.0", "2.0|6.0");
    assertThat(
            metadata.numbers(
                "SELECT round(x::numeric, 3), value FROM jobs.metadata_by_x('1', same_x => 'spread')"))
        .containsExactly("0.0|1.0", "0.667|2.0", "1.333|6.0", "2.0|5.0", "3.0|7.0");
  }

  @Test
  void extremesAndTheLastValueSurviveTheReduction() throws Exception {
    metadata.print(
        1,
        MetadataRig.numbered(
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
      List<String> points = metadata.numbers(sql);
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
  void whatIsPrintedAgainAndAgainIsNotPushedOutByAHundredKeysThatCameOnce() throws Exception {
    String results =
        IntStream.range(0, 300)
            .mapToObj("\"a%03d\":1.5"::formatted)
            .collect(Collectors.joining(",", "{", "}"));
    metadata.print(
        1, "{\"step\":0,\"loss\":3}", results, "{\"step\":1,\"loss\":2}", "{\"loss\":9}");

    assertThat(metadata.rows("SELECT * FROM jobs.metadata_graph_keys('1')"))
        .hasSize(100)
        .contains("loss", "a098")
        .doesNotContain("step", "a099")
        .isSorted();
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_graph_keys('1', ARRAY['a299'])"))
        .containsExactly("a299");
  }

  @Test
  void aLongGraphIsSampledFromItsBlocksAndKeepsItsExtremes() throws Exception {
    for (int part = 0; part < 30; part++) {
      int begin = part * 5000;
      metadata.print(
          1,
          MetadataRig.numbered(
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
    assertThat(
            metadata.numbers("SELECT x, value FROM jobs.metadata_by_x('1', 'step', ARRAY['loss'])"))
        .hasSizeBetween(300, 1000)
        .contains("77777.0|1.0E9", "123456.0|-1.0E9")
        .endsWith("149999.0|" + (149_999 % 11) + ".0");
    assertThat(
            metadata.numbers(
                "SELECT sequence, value FROM jobs.metadata_by_time('1', ARRAY['loss'])"))
        .hasSizeBetween(300, 1000)
        .contains("77777.0|1.0E9", "123456.0|-1.0E9")
        .endsWith("149999.0|" + (149_999 % 11) + ".0");
    List<String> lastOfEpochs = new ArrayList<>();
    for (int epoch = 0; epoch < 12; epoch++) {
      lastOfEpochs.add(epoch + ".0|" + ((epoch + 1) * 12_500 - 1) % 11 + ".0");
    }
    assertThat(
            metadata.numbers(
                "SELECT x, value FROM jobs.metadata_by_x('1', 'epoch', ARRAY['loss'])"))
        .isEqualTo(lastOfEpochs);
    assertThat(
            metadata.numbers(
                "SELECT x, round(value::numeric, 6) FROM jobs.metadata_by_x('1', 'epoch',"
                    + " ARRAY['step'], 'mean')"))
        .startsWith("0.0|6249.5", "1.0|18749.5");
  }

  @Test
  void theXAxisIsChosenInTheOrderOfItsClasses() throws Exception {
    metadata.print(1, "{\"lr\":3,\"seed\":1,\"b\":0.5,\"a\":0.5,\"step\":1}");
    assertThat(metadata.rows("SELECT jobs.metadata_x('1')")).containsExactly("a");
    metadata.print(1, "{\"lr\":2,\"seed\":1,\"b\":0.6,\"a\":0.4,\"step\":2,\"word\":\"x\"}");
    assertThat(metadata.rows("SELECT x, x_class FROM jobs.metadata_x_candidates('1')"))
        .containsExactly("step|3", "b|4", "lr|5", "a|6", "seed|7");
    metadata.print(1, "{\"epoch\":1}", "{\"progress\":\"half\"}");
    assertThat(metadata.rows("SELECT jobs.metadata_x('1')")).containsExactly("epoch");
    metadata.print(1, "{\"progress\":0.5}");
    assertThat(metadata.rows("SELECT jobs.metadata_x('1', 'auto'), jobs.metadata_x('1', '')"))
        .containsExactly("progress|progress");
    assertThat(metadata.rows("SELECT jobs.metadata_x('1', 'lr'), jobs.metadata_x('1', 'word')"))
        .containsExactly("lr|null");
    assertThat(metadata.rows("SELECT jobs.metadata_x('2'), jobs.metadata_x('nobody')"))
        .containsExactly("null|null");
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_by_x('1', 'word')")).isEmpty();
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_by_x('2')")).isEmpty();
  }

  @Test
  void candidatesOfOneClassAreInTheOrderOfCodePoints() throws Exception {
    metadata.print(1, "{\"\uFF5E\":1,\"\uD83D\uDE00\":1,\"Z\":1,\"a\":1,\"\u00e9\":1}");
    assertThat(metadata.rows("SELECT x FROM jobs.metadata_x_candidates('1')"))
        .containsExactly("Z", "a", "\u00e9", "\uFF5E", "\uD83D\uDE00");
  }

  @Test
  void jobsAreComparedOverTheBestXThatAllHave() throws Exception {
    metadata.print(1, "{\"step\":1,\"t\":0.1,\"loss\":5}", "{\"step\":2,\"t\":0.2,\"loss\":4}");
    metadata.print(2, "{\"t\":0.1,\"loss\":7}", "{\"t\":0.3,\"loss\":6}");
    assertThat(
            metadata.rows(
                "SELECT x, job, value, x_key FROM jobs.metadata_compare(ARRAY['1','2'], 'loss')"))
        .containsExactly("0.1|1|5|t", "0.1|2|7|t", "0.2|1|4|t", "0.3|2|6|t");
    assertThat(
            metadata.rows(
                "SELECT x, job FROM jobs.metadata_compare(ARRAY['1','2','2'], 'loss', 'step')"))
        .containsExactly("1|1", "2|1");
  }

  @Test
  void hostileNumbersNeverMakeAQueryFail() throws Exception {
    String[] values = {"1e308", "-1e308", "5e-324", "1.7976931348623157e308", "0", "-0.0", "NaN"};
    for (int i = 0; i < 60; i++) {
      metadata.print(
          1,
          "{\"x\":%s,\"y\":%s,\"epoch\":%s}"
              .formatted(values[i % 7], values[(i / 7) % 7], values[(i / 3) % 7]));
    }
    for (String policy : List.of("last", "mean", "spread", "nonsense")) {
      for (String x : List.of("auto", "x", "y")) {
        assertThat(
                metadata.rows(
                    "SELECT * FROM jobs.metadata_by_x('1', '%s', NULL, '%s', 10)"
                        .formatted(x, policy)))
            .isNotEmpty();
      }
    }
    assertThat(metadata.rows("SELECT * FROM jobs.metadata_keys('1')")).hasSize(3);
  }
}
