package org.joblog.ingest.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTableTest {

  private final RecordReader reader = new RecordReader(MetadataLimits.DEFAULT);
  private KeyTable table = new KeyTable(MetadataLimits.DEFAULT, List.of());
  private long sequence;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "progress|0.1 0.2|PROGRESS",
        "progress|5 4 9|PROGRESS",
        "progress|NaN|NOT_NUMERIC",
        "progress|\"0.5\"|NOT_NUMERIC",
        "epoch|1 1 1|EPOCH",
        "epoch|NaN 1|EPOCH",
        "Epoch|1 2|RISING_INTEGERS",
        "step|1 2 3|RISING_INTEGERS",
        "step|1 1 2 2|RISING_INTEGERS",
        "step|1 2 2.5|RISING_NUMBERS",
        "time|0.5 0.5 0.6|RISING_NUMBERS",
        "time|1 2 NaN 3|RISING_INTEGERS",
        "left|9 9 8|MONOTONE_INTEGERS",
        "lr|0.1 0.01|MONOTONE_NUMBERS",
        "lr|3 2 1.5|MONOTONE_NUMBERS",
        "loss|1 2 1|NUMBERS",
        "loss|0.5 0.4 0.45|NUMBERS",
        "seed|42|NUMBERS",
        "seed|42 42 42|NUMBERS",
        "seed|1 1.0|NUMBERS",
        "id|9007199254740992 9007199254740993|RISING_INTEGERS",
        "id|9007199254740993 9007199254740992|MONOTONE_INTEGERS",
        "id|9007199254740992.0 9007199254740993|RISING_NUMBERS",
        "id|9223372036854775807 9223372036854775808|RISING_NUMBERS",
        "word|true|NOT_NUMERIC",
      })
  void aKeyHasTheClassOfItsHistory(String key, String values, XClass expected) {
    for (String value : values.split(" ", -1)) {
      print("{\"" + key + "\":" + value + "}");
    }
    assertThat(changed().xClass()).isEqualTo(expected);
  }

  @Test
  void statisticsTellTheWholeHistory() {
    print("{\"a\":3}");
    print("{\"a\":-1.5}");
    print("{\"a\":9007199254740993}");
    print("{\"a\":NaN}");
    assertThat(changed())
        .isEqualTo(
            new KeyStatistics(
                "a",
                3,
                1,
                false,
                true,
                true,
                BigDecimal.valueOf(3),
                BigDecimal.valueOf(9007199254740993L),
                BigDecimal.valueOf(-1.5),
                BigDecimal.valueOf(9007199254740993L),
                3,
                3_000_000,
                "NaN"));
    print("{\"a\":7}");
    assertThat(changed().lastText()).isNull();
  }

  @Test
  void aKeyWithoutNumbersHasItsNewestText() {
    print("{\"size\":\"big\"}");
    print("{\"size\":\"small\"}");
    KeyStatistics size = changed();
    assertThat(size.count()).isZero();
    assertThat(size.last()).isNull();
    assertThat(size.lastText()).isEqualTo("small");
    assertThat(size.lastSequence()).isEqualTo(1);
  }

  @Test
  void whatChangedComesAgainUntilItIsSettled() {
    limits(3, 5);
    print("{\"a\":1,\"b\":1}");
    assertNews(false, "a", "b");
    print("{\"b\":2}");
    assertNews(false, "a", "b");
    print("{\"c\":2}");
    assertNews(false, "a", "b", "c");
    print("{\"d\":2}");
    assertNews(true, "a", "b", "c", "d");
    print("{\"b\":3}");
    assertNews(false, "b");
  }

  @Test
  void manyKeysThatChangeTogetherAreNotSettledEachTime() {
    limits(3, 5);
    print("{\"a\":1,\"b\":1,\"c\":1,\"d\":1}");
    assertNews(false, "a", "b", "c", "d");
    print("{\"a\":2,\"b\":2,\"c\":2,\"e\":1}");
    assertNews(false, "a", "b", "c", "d", "e");
  }

  @Test
  void keysAreSettledAfterSoManyRecords() {
    limits(3, 2);
    print("{\"a\":1}");
    assertNews(false, "a");
    print("{\"a\":2}");
    assertNews(true, "a");
    print("{\"a\":3}");
    assertNews(false, "a");
  }

  private void limits(int carriedKeys, int carriedRecords) {
    MetadataLimits limits = MetadataLimits.DEFAULT.withCarried(carriedKeys, carriedRecords);
    table = new KeyTable(limits, List.of());
  }

  private void assertNews(boolean settled, String... keys) {
    KeyNews news = table.takeNews();
    assertThat(news.settled()).isEqualTo(settled);
    assertThat(news.statistics()).extracting(KeyStatistics::key).containsExactly(keys);
  }

  @Test
  void keysBeyondTheCapAreLeftOutWithOneNotice() {
    StringBuilder line = new StringBuilder("{\"first\":1");
    for (int i = 1; i < MetadataLimits.DEFAULT.keys(); i++) {
      line.append(",\"k").append(i).append("\":1");
    }
    assertThat(print(line + "}")).hasSize(MetadataLimits.DEFAULT.keys());
    assertThat(table.takeNotices()).isEmpty();
    assertThat(print("{\"more\":1,\"first\":2,\"text\":\"x\"}"))
        .extracting(NumericValue::key)
        .containsExactly("first");
    assertThat(print("{\"evenMore\":1}")).isEmpty();
    assertThat(table.takeNotices())
        .singleElement()
        .asString()
        .contains("more than 1000 different metadata keys");
    assertThat(table.takeNews().statistics()).hasSize(MetadataLimits.DEFAULT.keys());
  }

  @Test
  void otherCapsAreToldOnceEach() {
    String array = "[0" + ",1".repeat(16) + "]";
    print("{\"a\":" + array + "}");
    print("{\"a\":" + array + ",\"" + "k".repeat(300) + "\":1}");
    assertThat(table.takeNotices()).hasSize(2);
    print("{\"a\":" + array + "}");
    assertThat(table.takeNotices()).isEmpty();
  }

  @Test
  void aRestoredTableGoesOnWhereItStopped() {
    print("{\"id\":9007199254740992}");
    table = new KeyTable(MetadataLimits.DEFAULT, table.takeNews().statistics());
    print("{\"id\":9007199254740993}");
    KeyStatistics id = changed();
    assertThat(id.xClass()).isEqualTo(XClass.RISING_INTEGERS);
    assertThat(id.count()).isEqualTo(2);
    assertThat(id.max()).isEqualTo(BigDecimal.valueOf(9007199254740993L));
  }

  private List<NumericValue> print(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    long number = sequence++;
    return table.accept(
        number, number * 1_000_000, reader.read(bytes, 0, bytes.length).orElseThrow());
  }

  private KeyStatistics changed() {
    return table.takeNews().statistics().getLast();
  }
}
