package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How jobs are found among many: by state, words and user, however old they are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobListTest {

  private final TestPostgres postgres = TestPostgres.create();

  /** 3,000 jobs of bob that run, and one of eve, older than most, that failed. */
  @BeforeAll
  void fill() throws SQLException {
    postgres.execute(
        """
        INSERT INTO joblog.job (cluster, job, restart, user_name, uid, name, started_at, mode, commands)
        SELECT 'fir', 'j' || g, 0, 'bob', 7, 'n', now() - g * interval '1 minute', 'enabled', true
        FROM generate_series(1, 3000) g;
        UPDATE joblog.job
        SET name = 'deep $HOME(1) 50%', user_name = 'eve', ended_at = now(), exit_code = 1, signal = 0
        WHERE job = 'j2900';
        ANALYZE joblog.job;
        """);
  }

  @AfterAll
  void close() {
    postgres.close();
  }

  private List<String> sql(String sql, Object... parameters) throws SQLException {
    return Rows.of(postgres, sql, parameters);
  }

  @Test
  void jobsAreChosenBeforeTheyAreCounted() throws Exception {
    for (String choice :
        List.of(
            "1, search => 'J2900 DEEP'",
            "5, search => '50%'",
            "5, search => '$home('",
            "1, states => ARRAY['failed', 'killed']",
            "1, 'eve'",
            "1, 'eve', now() - interval '1 hour', now(), ARRAY['failed'], 'deep'")) {
      assertThat(sql("SELECT job FROM jobs.job_list(" + choice + ")"))
          .as(choice)
          .containsExactly("j2900");
    }
  }

  @Test
  void aListIsBoundedAndNewestFirst() throws Exception {
    assertThat(sql("SELECT count(*) FROM jobs.job_list(9999)")).containsExactly("1000");
    assertThat(sql("SELECT job FROM jobs.job_list(2)")).containsExactly("j1", "j2");
    assertThat(sql("SELECT job FROM jobs.job_list(-1)")).isEmpty();
    assertThat(sql("SELECT job FROM jobs.job_list(5, states => '{}')")).isEmpty();
    assertThat(sql("SELECT job FROM jobs.job_list(5, search => '%')")).containsExactly("j2900");
  }

  @Test
  void whoseJobsThereAreIsToldWithoutReadingThemAll() throws Exception {
    assertThat(sql("SELECT jobs.users()")).containsExactly("bob", "eve");
    assertThat(String.join("\n", sql("EXPLAIN (ANALYZE, TIMING OFF) SELECT * FROM jobs.users()")))
        .contains("job_by_user")
        .doesNotContain("Seq Scan")
        .doesNotContainPattern("rows=[0-9]{3,} loops");
  }

  @Test
  void percentEncodedTextComesBack() throws Exception {
    String text = "it's \"50%\" of $HOME(é) \\ %41\n+😀";

    assertThat(
            sql(
                "SELECT jobs.percent_decoded(?) = ?",
                URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"),
                text))
        .containsExactly("t");
    assertThat(sql("SELECT jobs.percent_decoded('100%, %4 %zz %00é')"))
        .containsExactly("100%, %4 %zz é");
    assertThat(sql("SELECT jobs.percent_decoded('') = '', jobs.percent_decoded(NULL) IS NULL"))
        .containsExactly("t|t");
  }
}
