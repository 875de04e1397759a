package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs so long that their blocks are reduced one by one, over X of every shape: each point that
 * is shown is what a plain computation over all records gives at its X, and what sticks out is
 * there.
 */
class LongGraphsTest {

  /** Beyond what is read point by point, also where X goes one way. */
  private static final int RECORDS = 110_000;

  private static final double HIGH = 1e6;
  private static final double LOW = -1e6;

  /** X by the number of the record; NaN: the record has none. */
  private record Shape(String name, IntToDoubleFunction x) {

    @Override
    public String toString() {
      return name;
    }
  }

  private final MetadataRig metadata = new MetadataRig();

  @AfterEach
  void close() throws SQLException {
    metadata.close();
  }

  static Stream<Shape> shapes() {
    double[] anywhere = new Random(1).doubles(RECORDS).toArray();
    return Stream.of(
        new Shape("rises", i -> i),
        new Shape("falls by halves", i -> -i / 2.0),
        new Shape("stands in seven records each", i -> i / 7),
        new Shape("stands in 2,500 records each", i -> i / 2500),
        new Shape("restarted in the middle", i -> i < 60_000 ? i : i - 20_000.0),
        new Shape("restarted, every tenth only", i -> i < 60_000 ? i : (i - 60_000) * 10.0),
        new Shape("two passes", i -> i % (RECORDS / 2)),
        new Shape(
            "two passes, missing at times in the first",
            i -> i < RECORDS / 2 && i % 500 == 5 ? Double.NaN : i % (RECORDS / 2)),
        new Shape("eight ranks, restarted", i -> (i < 60_000 ? i : i - 20_000) / 8),
        new Shape("a saw of 300", i -> i % 300),
        new Shape("there and back", i -> Math.abs(RECORDS / 2 - i)),
        new Shape("in no order", i -> anywhere[i]),
        new Shape("in no order, again and again", i -> Math.floor(anywhere[i] * 5_000)),
        new Shape("in no order, missing at times", i -> i % 4_001 < 3 ? Double.NaN : anywhere[i]));
  }

  /** A value of a key: of the record with this number, or NaN where it has none. */
  private static double value(String key, int i) {
    if (key.equals("sparse") && i % 3 != 1) {
      return Double.NaN;
    }
    return i == RECORDS - 4_321 ? HIGH : i == RECORDS - 1_234 ? LOW : i * 31L % 10_007;
  }

  private void print(Shape shape, List<String> keys) throws SQLException {
    Random random = new Random(2);
    for (int begin = 0, next; begin < RECORDS; begin = next) {
      int first = begin;
      next = Math.min(begin + 1 + random.nextInt(random.nextBoolean() ? 20_000 : 300), RECORDS);
      metadata.print(1, MetadataRig.numbered(next - begin, i -> record(shape, keys, first + i)));
    }
  }

  private static String record(Shape shape, List<String> keys, int i) {
    List<String> members = new ArrayList<>();
    double x = shape.x().applyAsDouble(i);
    if (!Double.isNaN(x)) {
      members.add("\"x\":" + x);
    }
    for (String key : keys) {
      double value = value(key, i);
      if (!Double.isNaN(value)) {
        members.add("\"" + key + "\":" + value);
      }
    }
    return "{" + String.join(",", members) + "}";
  }

  /** The numbers of the records that have the key, by X. */
  private static TreeMap<Double, List<Integer>> truth(Shape shape, String key) {
    TreeMap<Double, List<Integer>> byX = new TreeMap<>();
    for (int i = 0; i < RECORDS; i++) {
      double x = shape.x().applyAsDouble(i);
      if (!Double.isNaN(x) && !Double.isNaN(value(key, i))) {
        // Not -0.0, which is another key here and the same number there.
        byX.computeIfAbsent(x + 0.0, any -> new ArrayList<>()).add(i);
      }
    }
    return byX;
  }

  /** X, value and record of each point. */
  private List<double[]> points(String keys, String key, String sameX) throws SQLException {
    return metadata
        .numbers(
            """
            SELECT x, value, sequence
            FROM jobs.metadata_by_x('1', 'x', ARRAY[%s], '%s') WHERE key = '%s'
            """
                .formatted(keys, sameX, key))
        .stream()
        .map(row -> Arrays.stream(row.split("\\|", -1)).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyPointIsTrueAtItsXAndWhatSticksOutIsThere(Shape shape) throws SQLException {
    print(shape, List.of("dense", "sparse"));
    for (String key : List.of("dense", "sparse")) {
      TreeMap<Double, List<Integer>> truth = truth(shape, key);
      String asked = "'dense', 'sparse'";
      checkLast(points(asked, key, "last"), truth, key);
      checkMean(points(asked, key, "mean"), truth, key);
      checkSpread(points(asked, key, "spread"), truth, key);
    }
  }

  private static void checkLast(
      List<double[]> points, TreeMap<Double, List<Integer>> truth, String key) {
    checkSize(points, truth.size());
    for (double[] point : points) {
      int last = at(truth, point).getLast();
      assertThat(point[2]).as("record at %s", point[0]).isEqualTo(last);
      assertThat(point[1]).isEqualTo(value(key, last));
    }
    double[] shown = points.stream().mapToDouble(point -> point[1]).toArray();
    double[] all = truth.values().stream().mapToDouble(at -> value(key, at.getLast())).toArray();
    assertThat(Arrays.stream(shown).anyMatch(value -> value == HIGH))
        .isEqualTo(Arrays.stream(all).anyMatch(value -> value == HIGH));
    assertThat(Arrays.stream(shown).anyMatch(value -> value == LOW))
        .isEqualTo(Arrays.stream(all).anyMatch(value -> value == LOW));
    checkEnd(points, truth, key);
  }

  private static void checkMean(
      List<double[]> points, TreeMap<Double, List<Integer>> truth, String key) {
    checkSize(points, truth.size());
    for (double[] point : points) {
      List<Integer> at = at(truth, point);
      double mean = at.stream().mapToDouble(i -> value(key, i)).average().orElseThrow();
      assertThat(point[1]).as("mean at %s", point[0]).isCloseTo(mean, withPercentage(1e-6));
      assertThat(point[2]).isEqualTo(at.getLast().doubleValue());
    }
    checkEnd(points, truth, key);
  }

  private static void checkSpread(
      List<double[]> points, TreeMap<Double, List<Integer>> truth, String key) {
    Map<Integer, Double> xOf = new TreeMap<>();
    truth.forEach((x, at) -> at.forEach(i -> xOf.put(i, x)));
    checkSize(points, xOf.size());
    for (double[] point : points) {
      int i = (int) point[2];
      double x = xOf.get(i);
      List<Integer> at = truth.get(x);
      assertThat(point[1]).isEqualTo(value(key, i));
      assertThat(point[0]).as("record %d", i).isGreaterThanOrEqualTo(x);
      if (!key.equals("sparse")) {
        assertThat(point[0] == x).as("record %d is the first", i).isEqualTo(i == at.getFirst());
      }
    }
    if (!key.equals("sparse")) {
      assertThat(points.stream().map(point -> point[1])).contains(HIGH, LOW);
    }
  }

  private static void checkEnd(
      List<double[]> points, TreeMap<Double, List<Integer>> truth, String key) {
    // Blocks know the record with their greatest X, and not whether it has the key.
    if (!key.equals("sparse")) {
      assertThat(points.getLast()[0]).isEqualTo(truth.lastKey());
    }
  }

  private static List<Integer> at(TreeMap<Double, List<Integer>> truth, double[] point) {
    assertThat(truth).containsKey(point[0] + 0.0);
    return truth.get(point[0] + 0.0);
  }

  private static void checkSize(List<double[]> points, int of) {
    assertThat(points).hasSizeBetween(Math.min(of, 300), 1000);
  }

  @Test
  void alsoWhereTwentyKeysHaveMoreThanTwoMillionPoints() throws SQLException {
    List<String> keys = IntStream.range(0, 20).mapToObj(k -> k == 0 ? "sparse" : "k" + k).toList();
    Shape shape = new Shape("stands in seven records each", i -> i / 7);
    print(shape, keys);
    String asked = "'" + String.join("', '", keys) + "'";

    for (String key : List.of("sparse", "k7")) {
      TreeMap<Double, List<Integer>> truth = truth(shape, key);
      checkLast(points(asked, key, "last"), truth, key);
      checkMean(points(asked, key, "mean"), truth, key);
      checkSpread(points(asked, key, "spread"), truth, key);
    }
  }

  @Test
  void integersThatADoubleSkipsKeepTheirDigitsWhereXTurnsBack() throws SQLException {
    long odd = (1L << 60) + 1;
    for (int begin = 0; begin < RECORDS; begin += 10_000) {
      int first = begin;
      metadata.print(
          1,
          MetadataRig.numbered(
              10_000, i -> "{\"x\":%d,\"n\":%d}".formatted((first + i) % 50_000, odd + first + i)));
    }

    assertThat(
            metadata.rows(
                "SELECT count(*) > 200, bool_and(integer_value = %d + sequence) FROM jobs.metadata_by_x('1', 'x')"
                    .formatted(odd)))
        .containsExactly("t|t");
  }
}
