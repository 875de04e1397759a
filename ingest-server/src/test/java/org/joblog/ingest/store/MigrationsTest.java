package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of a database that is none for joblog. */
class MigrationsTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.createEmpty();

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

  @Test
  void aServerThatIsAwayIsNamedAsSuch() {
    StoreSettings nobody =
        new StoreSettings("jdbc:postgresql://127.0.0.1:1/joblog", "joblog_owner", "pass-word");

    assertThatThrownBy(() -> Migrations.migrate(nobody))
        .hasMessageStartingWith("no connection: ")
        .hasMessageNotContaining("pass-word");
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
