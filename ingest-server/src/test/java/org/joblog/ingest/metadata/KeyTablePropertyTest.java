package org.joblog.ingest.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the incremental statistics with a plain recomputation over random histories. */
class KeyTablePropertyTest {

  private static final List<String> KEYS = List.of("progress", "epoch", "step", "loss", "a.b");
  private static final int HISTORIES = 400;

  private final RecordReader reader = new RecordReader(MetadataLimits.DEFAULT);

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void classesAreThoseOfAPlainRecomputation(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < HISTORIES; i++) {
      runOneHistory(random);
    }
  }

  private void runOneHistory(Random random) {
    KeyTable table = new KeyTable(MetadataLimits.DEFAULT, List.of());
    Map<String, KeyStatistics> stored = new HashMap<>();
    Map<String, List<String>> printed = new HashMap<>();
    Map<String, History> histories = new HashMap<>();
    KEYS.forEach(key -> histories.put(key, new History(random)));
    int records = 1 + random.nextInt(30);
    for (int sequence = 0; sequence < records; sequence++) {
      List<String> members = new ArrayList<>();
      for (String key : KEYS) {
        if (random.nextInt(4) > 0) {
          String value = requireNonNull(histories.get(key)).next();
          printed.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
          members.add("\"" + key + "\":" + value);
        }
      }
      byte[] line = ("{" + String.join(",", members) + "}").getBytes(UTF_8);
      table.accept(sequence, sequence, reader.read(line, 0, line.length).orElseThrow());
      if (random.nextInt(4) == 0) {
        table.takeNews().statistics().forEach(changed -> stored.put(changed.key(), changed));
        table = new KeyTable(MetadataLimits.DEFAULT, List.copyOf(stored.values()));
      }
    }
    table.takeNews().statistics().forEach(changed -> stored.put(changed.key(), changed));
    assertThat(stored.keySet()).isEqualTo(printed.keySet());
    stored.forEach((key, statistics) -> compare(statistics, requireNonNull(printed.get(key))));
  }

  /** The statistics once more, from all that was printed, in exact decimals. */
  private static void compare(KeyStatistics incremental, List<String> printed) {
    List<String> texts = printed.stream().filter(text -> isGraphed(text)).toList();
    List<BigDecimal> values = texts.stream().map(text -> exact(text)).toList();
    boolean rises = false;
    boolean falls = false;
    for (int i = 1; i < values.size(); i++) {
      rises |= values.get(i).compareTo(values.get(i - 1)) > 0;
      falls |= values.get(i).compareTo(values.get(i - 1)) < 0;
    }
    boolean integers = texts.stream().allMatch(text -> isInteger(text));
    assertThat(incremental.count()).as("%s", printed).isEqualTo(values.size());
    assertThat(incremental.xClass())
        .as("%s %s", incremental.key(), printed)
        .isEqualTo(expected(incremental.key(), values.isEmpty(), integers, rises, falls));
    if (!values.isEmpty()) {
      assertThat(incremental.first()).isEqualByComparingTo(values.getFirst());
      assertThat(incremental.last()).isEqualByComparingTo(values.getLast());
      assertThat(incremental.min())
          .isEqualByComparingTo(values.stream().min(BigDecimal::compareTo).orElseThrow());
      assertThat(incremental.max())
          .isEqualByComparingTo(values.stream().max(BigDecimal::compareTo).orElseThrow());
    }
  }

  private static XClass expected(
      String key, boolean none, boolean integers, boolean rises, boolean falls) {
    if (none) {
      return XClass.NOT_NUMERIC;
    }
    if (key.equals("progress")) {
      return XClass.PROGRESS;
    }
    if (key.equals("epoch")) {
      return XClass.EPOCH;
    }
    if (rises == falls) {
      return XClass.NUMBERS;
    }
    return integers
        ? rises ? XClass.RISING_INTEGERS : XClass.MONOTONE_INTEGERS
        : rises ? XClass.RISING_NUMBERS : XClass.MONOTONE_NUMBERS;
  }

  private static boolean isGraphed(String text) {
    return !text.equals("NaN")
        && !text.startsWith("\"")
        && Double.isFinite(Double.parseDouble(text));
  }

  private static boolean isInteger(String text) {
    return text.matches("-?[0-9]+") && new BigDecimal(text).toBigInteger().bitLength() < 64;
  }

  private static BigDecimal exact(String text) {
    if (isInteger(text)) {
      return new BigDecimal(text);
    }
    double value = Double.parseDouble(text);
    return Math.abs(value) < 0x1p53 ? BigDecimal.valueOf(value) : new BigDecimal(value);
  }

  /** Values of one key, of a kind that may change once. */
  private static final class History {

    private final Random random;
    private final int change;
    private int kind;
    private long at;
    private int printed;

    History(Random random) {
      this.random = random;
      this.kind = random.nextInt(10);
      this.change = random.nextInt(20);
      this.at = random.nextInt(3) == 0 ? (1L << 53) - 2 : random.nextInt(10);
    }

    String next() {
      if (printed++ == change) {
        kind = random.nextInt(10);
      }
      return switch (kind) {
        case 0 -> Long.toString(at += random.nextInt(3));
        case 1 -> Long.toString(at -= random.nextInt(3));
        case 2 -> Long.toString(at);
        case 3 -> Double.toString((at += random.nextInt(2)) + 0.5);
        case 4 -> Double.toString(-(at += random.nextInt(2)) * 0.1);
        case 5 -> Double.toString((double) ++at);
        case 6 -> random.nextBoolean() ? "NaN" : Long.toString(++at);
        case 7 ->
            Long.toString(Long.MAX_VALUE - random.nextInt(2))
                .replace("807", "80" + random.nextInt(6, 10));
        case 8 -> "1e" + random.nextInt(300, 320);
        default -> random.nextInt(3) == 0 ? "\"text\"" : Long.toString(random.nextLong());
      };
    }
  }
}
