package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A graph so long that its blocks are reduced one by one, over an X that stands in seven records
 * each: what is shown is what a plain computation over all records gives, some of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepeatingXTest {

  /** More than the points that are read one by one. */
  private static final int RECORDS = 104_999;

  /** No divisor of a block's 1,000: many an X begins in one block and ends in the next. */
  private static final int SAME_X = 7;

  private static final int HIGH = 50_000 / SAME_X * SAME_X + SAME_X - 1;
  private static final int LOW = 80_000 / SAME_X * SAME_X + SAME_X - 1;

  /** X by the number of the record: job 1 rises, job 2 falls, job 3 turns back once. */
  private static final List<IntToLongFunction> AXES =
      List.of(
          i -> i / SAME_X,
          i -> 1_000_000 - i / SAME_X,
          i -> i < RECORDS / 2 ? i / SAME_X : (i - RECORDS / 2) / SAME_X);

  private final MetadataRig metadata = new MetadataRig();

  @BeforeAll
  void print() throws SQLException {
    for (int job = 1; job <= 3; job++) {
      IntToLongFunction x = AXES.get(job - 1);
      for (int begin = 0; begin < RECORDS; begin += 5_000) {
        int first = begin;
        metadata.print(
            job,
            MetadataRig.numbered(
                Math.min(5_000, RECORDS - begin),
                i ->
                    String.format(
                        Locale.ROOT,
                        "{\"x\":%d,\"y\":%s}",
                        x.applyAsLong(first + i),
                        value(first + i))));
      }
    }
  }

  @AfterAll
  void close() throws SQLException {
    metadata.close();
  }

  private static double value(int i) {
    return i == HIGH ? 1e6 : i == LOW ? -1e6 : i * 31 % 101;
  }

  private List<double[]> points(int job, String sameX) throws SQLException {
    return metadata
        .numbers(
            "SELECT x, value, sequence FROM jobs.metadata_by_x('%d', 'x', ARRAY['y'], '%s')"
                .formatted(job, sameX))
        .stream()
        .map(row ->
            List.of(row.split("\\|", -1)).stream().mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theLastIsTheLastAtItsX(int job) throws SQLException {
    List<double[]> points = points(job, "last");

    assertThat(points).hasSizeBetween(300, 1000).isSortedAccordingTo(RepeatingXTest::byX);
    for (double[] point : points) {
      int i = (int) point[2];
      assertThat(i % SAME_X == SAME_X - 1 || i == RECORDS - 1).isTrue();
      assertThat(point).containsExactly(AXES.get(job - 1).applyAsLong(i), value(i), i);
    }
    assertThat(points).extracting(point -> (int) point[2]).contains(HIGH, LOW, RECORDS - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theMeanIsThatOfAllAtItsX(int job) throws SQLException {
    List<double[]> points = points(job, "mean");

    assertThat(points).hasSizeBetween(300, 1000).isSortedAccordingTo(RepeatingXTest::byX);
    for (double[] point : points) {
      int last = (int) point[2];
      int first = last / SAME_X * SAME_X;
      double mean =
          IntStream.rangeClosed(first, last).mapToDouble(i -> value(i)).average().orElse(0);
      assertThat(point[0]).isEqualTo(AXES.get(job - 1).applyAsLong(last));
      assertThat(point[1]).isCloseTo(mean, withPercentage(1e-6));
    }
    assertThat(points).extracting(point -> (int) point[2]).contains(HIGH, LOW, RECORDS - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatIsSpreadStandsSideBySideUpToTheNextX(int job) throws SQLException {
    List<double[]> points = points(job, "spread");

    assertThat(points).hasSizeBetween(300, 1000).isSortedAccordingTo(RepeatingXTest::byX);
    for (double[] point : points) {
      int i = (int) point[2];
      int atSameX = Math.min(SAME_X, RECORDS - (i - i % SAME_X));
      double x = AXES.get(job - 1).applyAsLong(i) + i % SAME_X / (double) atSameX;
      assertThat(point[0]).isCloseTo(x, offset(1e-6));
      assertThat(point[1]).isEqualTo(value(i));
    }
    assertThat(points).extracting(point -> (int) point[2]).contains(HIGH, LOW);
  }

  @Test
  void whereXTurnsBackTheNewerValueIsTheLast() throws SQLException {
    List<double[]> points = points(3, "last");

    assertThat(points).hasSizeBetween(300, 1000);
    assertThat(points.getLast()[2]).isEqualTo(RECORDS - 1);
    // Each X that came again has its value of the second time.
    assertThat(points).filteredOn(point -> point[2] < RECORDS / 2).isEmpty();
  }

  private static int byX(double[] one, double[] other) {
    return Double.compare(one[0], other[0]);
  }
}
