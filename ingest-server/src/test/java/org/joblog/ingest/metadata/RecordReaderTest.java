package org.joblog.ingest.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {

  private final RecordReader reader = new RecordReader(MetadataLimits.DEFAULT);

  @Test
  void theExamplesOfTheDocumentationAreMetadata() {
    assertThat(reading("{\"epoch\": 1, \"loss\": 7.2355865, \"acc\": 0.00123}").numbers())
        .containsExactly(integer("epoch", 1), decimal("loss", 7.2355865), decimal("acc", 0.00123));
    assertThat(
            reading(
                    "{\"step\": 151100, \"lr\": 0.07938926, \"flops\": 789773523480.1762, \"time\":"
                        + " 16520}")
                .json())
        .isEqualTo(
            "{\"step\":151100,\"lr\":0.07938926,\"flops\":789773523480.1762,\"time\":16520}");
    RecordReading words = reading("{\"size\": \"big\", \"speed\": \"slow\", \"lr\": 0.1}");
    assertThat(words.numbers()).containsExactly(decimal("lr", 0.1));
    assertThat(words.others())
        .containsExactly(
            new OtherValue("size", "big", false), new OtherValue("speed", "slow", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "x",
        "[1]",
        "\"a\"",
        "1",
        "{'epoch': 1}",
        "{epoch: 1}",
        "{\"a\": 1,}",
        "{\"a\" 1}",
        "{\"a\": 1} ",
        " {\"a\": 1}",
        "{\"a\": 1} {\"b\": 2}",
        "{\"a\": 1}{\"b\": 2}",
        "{\"a\": 01}",
        "{\"a\": +1}",
        "{\"a\": .5}",
        "{\"a\": 5.}",
        "{\"a\": 1e}",
        "{\"a\": 0x1F}",
        "{\"a\": -}",
        "{\"a\": nan}",
        "{\"a\": NAN}",
        "{\"a\": -NaN}",
        "{\"a\": INF}",
        "{\"a\": -INF}",
        "{\"a\": +INF}",
        "{\"a\": +Infinity}",
        "{\"a\": [INF]}",
        "{\"a\": True}",
        "{\"a\": None}",
        "{\"a\": undefined}",
        "{\"a\": \"\t\"}",
        "{\"a\": \"\\x41\"}",
        "{\"a\": \"\\u12\"}",
        "{\"a\": \"}",
        "{/**/}",
        "{\"a\": 1 // }",
        "{\"a\": [1,]}",
        "{\"a\": {]}",
        "{\"a\"}",
        "{\"a\":}",
        "{,}",
        "{\"a\":1,,\"b\":2}"
      })
  void whatIsNoJsonObjectIsText(String line) {
    assertThat(read(line)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ }|{}",
        "{\"a\":{},\"b\":[]}|{\"a\":{},\"b\":[]}",
        "{\"a\":[1, 2.50,{\"b\":null}]}|{\"a\":[1,2.50,{\"b\":null}]}",
        "{\"a\":1,\"b\":2,\"a\":3}|{\"a\":3,\"b\":2}",
        "{\"a\":{\"x\":1},\"a\":{\"y\":2}}|{\"a\":{\"y\":2}}",
        "{\"a\":NaN,\"b\":Infinity,\"c\":-Infinity}|{\"a\":\"NaN\",\"b\":\"Infinity\",\"c\":\"-Infinity\"}",
        "{\"a\":1e400,\"b\":-1e400,\"c\":1e-400}|{\"a\":\"1e400\",\"b\":\"-1e400\",\"c\":\"1e-400\"}",
        "{\"a\":1E+3,\"b\":0e99999,\"c\":0e-99999}|{\"a\":1E+3,\"b\":\"0e99999\",\"c\":\"0e-99999\"}",
        "{\"a\":\"x\\u0000y\",\"\\u0000\":1}|{\"a\":\"x\uFFFDy\",\"\uFFFD\":1}",
        "{\"a\":\"\\ud83d\\ude00\\ud83d\",\"b\":\"\\ude00\"}|{\"a\":\"\ud83d\ude00\uFFFD\",\"b\":\"\uFFFD\"}",
        "{\"a\\ud83d\":1,\"\\udE00\":2,\"\\uD83D\\uDE00\":3}|{\"a\uFFFD\":1,\"\uFFFD\":2,\"\ud83d\ude00\":3}",
        "{\"a\\\\ud83d\":\"$1\\\\\\ud83d\"}|{\"a\\\\ud83d\":\"$1\\\\\uFFFD\"}",
        "{\"a\":\"\\n\\u001b\\\"\\\\\\/\"}|{\"a\":\"\\u000a\\u001b\\\"\\\\/\"}",
        "{\"a\":\"\u00e4\u20ac\"}|{\"a\":\"\u00e4\u20ac\"}",
      })
  void theRecordIsKeptInCanonicalForm(String line, String json) {
    assertThat(reading(line).json()).isEqualTo(json);
  }

  @Test
  void integersAreExactUpTo64Bits() {
    assertThat(
            reading(
                    "{\"a\":9007199254740993,\"b\":-9223372036854775808,\"c\":9223372036854775807,"
                        + "\"d\":-0}")
                .numbers())
        .containsExactly(
            integer("a", 9007199254740993L),
            integer("b", Long.MIN_VALUE),
            integer("c", Long.MAX_VALUE),
            integer("d", 0));
    RecordReading beyond = reading("{\"a\":9223372036854775808,\"b\":18446744073709551615}");
    assertThat(beyond.numbers()).containsExactly(decimal("a", 0x1p63), decimal("b", 0x1p64));
    assertThat(beyond.json()).isEqualTo("{\"a\":9223372036854775808,\"b\":18446744073709551615}");
  }

  @Test
  void aNumberWrittenWithAPointIsNoInteger() {
    assertThat(reading("{\"a\":1.0,\"b\":1e2}").numbers())
        .containsExactly(decimal("a", 1), decimal("b", 100));
  }

  @Test
  void onlyJsonNumbersAreNumbers() {
    RecordReading reading = reading("{\"a\":true,\"b\":\"1\",\"c\":null,\"d\":NaN,\"e\":1e999}");
    assertThat(reading.numbers()).isEmpty();
    assertThat(reading.others())
        .containsExactly(
            new OtherValue("a", "true", false),
            new OtherValue("b", "1", false),
            new OtherValue("c", "null", false),
            new OtherValue("d", "NaN", true),
            new OtherValue("e", "1e999", true));
  }

  @Test
  void nestedNumbersHaveDottedKeys() {
    assertThat(
            reading("{\"val\":{\"acc\":0.5,\"top\":{\"5\":1}},\"lr\":[0.1,[2],{\"x\":3}]}")
                .numbers())
        .containsExactly(
            decimal("val.acc", 0.5),
            integer("val.top.5", 1),
            decimal("lr.0", 0.1),
            integer("lr.1.0", 2),
            integer("lr.2.x", 3));
  }

  @Test
  void ofEqualDottedKeysTheLastCounts() {
    assertThat(reading("{\"a.b\":1,\"a\":{\"b\":2}}").numbers()).containsExactly(integer("a.b", 2));
    assertThat(reading("{\"a\":{\"b\":2},\"a\":3}").numbers()).containsExactly(integer("a", 3));
    RecordReading changed = reading("{\"a.b\":1,\"a\":{\"b\":\"x\"}}");
    assertThat(changed.numbers()).isEmpty();
    assertThat(changed.others()).containsExactly(new OtherValue("a.b", "x", false));
  }

  @Test
  void aLongArrayIsKeptAndNotGraphed() {
    String sixteen = "{\"a\":[0" + ",1".repeat(15) + "]}";
    assertThat(reading(sixteen).numbers()).hasSize(16);
    assertThat(reading(sixteen).passed()).isEmpty();
    String seventeen = "{\"a\":[0" + ",1".repeat(16) + "],\"b\":1}";
    assertThat(reading(seventeen).numbers()).containsExactly(integer("b", 1));
    assertThat(reading(seventeen).passed()).containsExactly(Cap.ARRAY_LENGTH);
    assertThat(reading(seventeen).json()).isEqualTo(seventeen);
  }

  @Test
  void whatIsNestedTooDeeplyIsKeptAsText() {
    int depth = MetadataLimits.DEFAULT.depth();
    String deepest = "{\"a\":" + "[".repeat(depth - 1) + "1" + "]".repeat(depth - 1) + "}";
    assertThat(reading(deepest).passed()).isEmpty();
    assertThat(reading(deepest).numbers()).hasSize(1);
    String deeper =
        "{\"a\":"
            + "[".repeat(depth - 1)
            + "[ 1,\"\\u0000\u20ac\"]"
            + "]".repeat(depth - 1)
            + ",\"b\":2}";
    RecordReading folded = reading(deeper);
    assertThat(folded.passed()).containsExactly(Cap.DEPTH);
    assertThat(folded.json()).contains("[\"[ 1,\\\"\\\\u0000\u20ac\\\"]\"]").endsWith("\"b\":2}");
    assertThat(folded.numbers()).containsExactly(integer("b", 2));
    assertThat(read("{\"a\":" + "[".repeat(999) + "]".repeat(999) + "}")).isPresent();
    assertThat(read("{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}")).isEmpty();
    assertThat(read("{\"a\":" + "[".repeat(100) + "INF" + "]".repeat(100) + "}")).isEmpty();
  }

  @Test
  void aLargeObjectIsKeptAndNotGraphed() {
    String rest = "\",\"b\":1}";
    int fill = MetadataLimits.DEFAULT.objectBytes() - "{\"a\":\"".length() - rest.length();
    RecordReading largest = reading("{\"a\":\"" + "x".repeat(fill) + rest);
    assertThat(largest.numbers()).hasSize(1);
    assertThat(largest.others().getFirst().text())
        .hasSize(MetadataLimits.DEFAULT.textCharacters() + 1);
    RecordReading larger = reading("{\"a\":\"" + "x".repeat(fill + 1) + rest);
    assertThat(larger.numbers()).isEmpty();
    assertThat(larger.passed()).containsExactly(Cap.OBJECT_BYTES);
    assertThat(larger.json()).hasSize(MetadataLimits.DEFAULT.objectBytes() + 1);
  }

  @Test
  void aLongKeyIsKeptAndNotGraphed() {
    String key = "k".repeat(MetadataLimits.DEFAULT.keyCharacters());
    assertThat(reading("{\"" + key + "\":1}").numbers()).hasSize(1);
    RecordReading tooLong = reading("{\"" + key + "k\":1,\"" + key + "\":{\"a\":2}}");
    assertThat(tooLong.numbers()).isEmpty();
    assertThat(tooLong.passed()).containsExactly(Cap.KEY_LENGTH);
  }

  @Test
  void aNumberOfManyDigitsKeepsItsValueAndItsText() {
    String digits = "0." + "3".repeat(5000);
    RecordReading reading = reading("{\"a\":" + digits + "}");
    assertThat(reading.numbers()).containsExactly(decimal("a", 1.0 / 3));
    assertThat(reading.json()).isEqualTo("{\"a\":\"" + digits + "\"}");
    assertThat(reading("{\"a\":" + "9".repeat(5000) + "}").others().getFirst().isHole()).isTrue();
  }

  @Test
  void onlyTheGivenRangeIsRead() {
    byte[] bytes = "{{\"a\":1}}".getBytes(UTF_8);
    assertThat(reader.read(bytes, 1, bytes.length - 1).orElseThrow().json()).isEqualTo("{\"a\":1}");
    for (int to = 1; to < bytes.length - 1; to++) {
      assertThat(reader.read(bytes, 1, to)).isEmpty();
    }
  }

  @Test
  void namesMadeToCollideDoNotStopTheReader() {
    StringBuilder line = new StringBuilder("{");
    for (int i = 0; i < 3000; i++) {
      line.append("\"k")
          .append((char) ('a' + i % 26))
          .append(i)
          .append("\":")
          .append(i)
          .append(',');
    }
    assertThat(reading(line.append("\"z\":0}").toString()).numbers()).hasSize(3001);
  }

  private Optional<RecordReading> read(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return reader.read(bytes, 0, bytes.length);
  }

  private RecordReading reading(String line) {
    return read(line).orElseThrow();
  }

  private static NumericValue integer(String key, long value) {
    return new NumericValue(key, true, value, value, null);
  }

  private static NumericValue decimal(String key, double value) {
    return new NumericValue(key, false, 0, value, null);
  }
}
