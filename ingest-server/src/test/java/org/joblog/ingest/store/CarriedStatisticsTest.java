package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.joblog.ingest.metadata.MetadataLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics that ride on the newest record are the same as those that are kept for good. */
class CarriedStatisticsTest {

  private static final String KNOWN =
      """
      SELECT key, count, holes, all_integers, increased, decreased, x_class, first_value, last_value,
        min_value, max_value, last_sequence, last_at, last_text
      FROM jobs.metadata_key WHERE job_key = %d ORDER BY key
      """;

  private static final List<String> VALUES =
      List.of(
          "1",
          "2",
          "0.1",
          "789773523480.1762",
          "NaN",
          "1e999",
          "-7",
          "9007199254740993",
          "\"a \\\"quoted\\\" \\u0001 text\"",
          "true",
          "null",
          "1.50");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theyAreTheSameWhateverIsCarried(long seed) throws SQLException {
    Random random = new Random(seed);
    try (MetadataRig carrying = new MetadataRig(MetadataLimits.DEFAULT.withCarried(3, 40));
        MetadataRig settling = new MetadataRig(MetadataLimits.DEFAULT.withCarried(0, 1))) {
      for (int commit = 0; commit < 60; commit++) {
        String[] lines = lines(random);
        long job = 1 + random.nextInt(2);
        carrying.print(job, lines);
        settling.print(job, lines);
        if (random.nextInt(8) == 0) {
          carrying.restart();
        }
        String known = KNOWN.formatted(job);
        assertThat(carrying.rows(known)).isEqualTo(settling.rows(known)).isNotEmpty();
      }
    }
  }

  private static String[] lines(Random random) {
    int count = random.nextInt(20) == 0 ? 1200 : 1 + random.nextInt(30);
    return MetadataRig.numbered(
        count,
        i -> {
          List<String> members = new ArrayList<>();
          for (int key = 0; key < 6; key++) {
            if (random.nextInt(4) == 0) {
              members.add("\"k'%d\":%s".formatted(key, VALUES.get(random.nextInt(VALUES.size()))));
            }
          }
          return "{" + String.join(",", members) + "}";
        });
  }

  @Test
  void aCommitOfASlowJobWritesOneRow() throws SQLException {
    try (MetadataRig metadata = new MetadataRig()) {
      metadata.print(1, "{\"a\":1,\"b\":2}");
      metadata.print(1, "{\"a\":2,\"b\":2}");

      assertThat(metadata.rows("SELECT count(*) FROM joblog.metadata_key")).containsExactly("0");
      assertThat(metadata.rows("SELECT key, x_class, count FROM jobs.metadata_keys('1')"))
          .containsExactly("a|3|2", "b|7|2");
    }
  }
}
