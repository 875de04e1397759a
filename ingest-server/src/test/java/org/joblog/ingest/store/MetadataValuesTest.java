package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values of metadata come back to the last digit, and records as they were printed. */
class MetadataValuesTest {

  private final MetadataRig metadata = new MetadataRig();

  @AfterEach
  void close() throws SQLException {
    metadata.close();
  }

  @Test
  void integersBeyondTwoToThe53AreExact() throws Exception {
    metadata.print(1, "{\"id\":9007199254740993}", "{\"id\":-9223372036854775808}", "{\"id\":1}");
    String sql = "SELECT integer_value FROM jobs.metadata_by_time('1', ARRAY['id'])";
    assertThat(metadata.rows(sql)).containsExactly("9007199254740993", "-9223372036854775808", "1");
    metadata.print(1, MetadataRig.numbered(997, i -> "{\"id\":" + (Long.MAX_VALUE - i) + "}"));
    assertThat(metadata.rows("SELECT count(*) FROM joblog.metadata_block WHERE keys IS NULL"))
        .containsExactly("1");
    assertThat(metadata.rows(sql)).startsWith("9007199254740993", "-9223372036854775808", "1");
    assertThat(metadata.rows(sql)).endsWith(Long.toString(Long.MAX_VALUE - 996));
    assertThat(metadata.rows("SELECT max_value, last_text FROM jobs.metadata_keys('1')"))
        .containsExactly(Long.MAX_VALUE + "|" + (Long.MAX_VALUE - 996));
  }

  @Test
  void theNewestValueOfEachKeyIsShownAsItWasPrinted() throws Exception {
    metadata.print(
        1, "{\"loss\":0.07938926,\"flops\":789773523480.25,\"ok\":true,\"size\":\"big\"}");
    metadata.print(1, "{\"loss\":NaN,\"step\":3,\"f\":2.0}");
    assertThat(metadata.rows("SELECT key, value, number FROM jobs.metadata_latest('1')"))
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
      metadata.print(1, line);
    }
    metadata.restart();
    metadata.print(1, "{\"flops\":\"none\"}");
    assertThat(metadata.rows("SELECT last_value FROM jobs.metadata_keys('1') WHERE key = 'flops'"))
        .containsExactly("789773523480.1762");
    metadata.print(1, printed.get(1));
    assertThat(metadata.rows("SELECT record FROM jobs.metadata_records('1', 1)"))
        .containsExactly(printed.get(1));
    assertThat(metadata.rows("SELECT key, value FROM jobs.metadata_latest('1')"))
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
    metadata.print(
        1, "{\"long\":0.1" + "0".repeat(99) + "1,\"small\":1e-300,\"zeros\":2.500,\"large\":1e18}");
    assertThat(metadata.rows("SELECT key, value FROM jobs.metadata_latest('1')"))
        .containsExactly("large|1000000000000000000", "long|0.1", "small|1e-300", "zeros|2.5");
  }

  @Test
  void everyRecordIsJsonbTooWhateverWasPrinted() throws Exception {
    metadata.print(
        1,
        "{\"\\u0000\":\"\\ud800 \\u0000 \\ude00\",\"b\":\"\\\\u0000\"}",
        "{\"a\":1e308,\"b\":-1e-308,\"c\":1e400,\"d\":0e99999999999,\"e\":1e-9999999}",
        "{\"a\":" + "9".repeat(40_000) + ",\"b\":0." + "1".repeat(40_000) + "}",
        "{\"a\":" + "[".repeat(900) + "\"\\u0000\"" + "]".repeat(900) + "}",
        "{\"a\":NaN,\"b\":[Infinity,-Infinity]}",
        "{}");
    assertThat(metadata.rows("SELECT record::jsonb IS NOT NULL FROM jobs.metadata_records('1')"))
        .containsOnly("t")
        .hasSize(6);
  }
}
