package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of databases that are none for joblog, or not as it would make them today. */
class MigrationsTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @Test
  void aDatabaseOfAnotherEncodingIsRefusedAndLeftAlone() throws Exception {
    String name = postgres.database() + "_ascii";
    postgres.execute(
        "CREATE DATABASE %s TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
            .formatted(name));
    StoreSettings owner =
        new StoreSettings(
            postgres.jdbcUrl() + "_ascii", postgres.owner().user(), postgres.owner().password());
    try {
      assertThatThrownBy(() -> Migrations.migrate(owner))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("encoding of the database: SQL_ASCII (expected: UTF8");
      assertThat(schemas(owner)).isZero();
    } finally {
      postgres.execute("DROP DATABASE " + name);
    }
  }

  /** Fifteen migrations once made what five made after them. */
  @Test
  void aDatabaseOfTheMigrationsThatWerePutTogetherGoesOn() throws Exception {
    makeRecordsOld(210);

    Migrations.migrate(postgres.owner());
    Migrations.migrate(postgres.owner());

    assertThat(schemas(postgres.owner())).isEqualTo(2);
  }

  @Test
  void aDatabaseThatHasNotAllOfThemIsRefused() throws Exception {
    makeRecordsOld(209);

    assertThatThrownBy(() -> Migrations.migrate(postgres.owner()))
        .hasMessageContaining("checksum mismatch");
  }

  @Test
  void aServerThatIsAwayIsNamedAsSuch() {
    StoreSettings nobody =
        new StoreSettings("jdbc:postgresql://127.0.0.1:1/joblog", "joblog_owner", "pass-word");

    assertThatThrownBy(() -> Migrations.migrate(nobody))
        .hasMessageStartingWith("no connection: ")
        .hasMessageNotContaining("pass-word");
  }

  private void makeRecordsOld(int last) throws SQLException {
    postgres.execute(
        """
        DELETE FROM joblog.migration WHERE version::integer > 210;
        UPDATE joblog.migration SET checksum = 1 WHERE version IS NOT NULL;
        INSERT INTO joblog.migration (installed_rank, version, description, type, script,
          checksum, installed_by, execution_time, success)
        SELECT v, v, CASE v WHEN 210 THEN 'newest records' ELSE 'once' END, 'SQL',
          'V' || v || '__once.sql', 1, 'joblog_owner', 1, true
        FROM generate_series(200, %d) v
        """
            .formatted(last));
  }

  private static int schemas(StoreSettings owner) throws Exception {
    try (Connection connection = TestPostgres.connect(owner);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT count(*) FROM pg_namespace WHERE nspname IN ('joblog', 'jobs')")) {
      found.next();
      return found.getInt(1);
    }
  }
}
