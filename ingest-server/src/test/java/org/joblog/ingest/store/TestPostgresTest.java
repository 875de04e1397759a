package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPostgresTest {

  @Test
  void everyTestGetsADatabaseOfItsOwnWithAllMigrations() throws SQLException {
    try (TestPostgres one = TestPostgres.create();
        TestPostgres other = TestPostgres.create()) {
      assertThat(one.jdbcUrl()).isNotEqualTo(other.jdbcUrl());
      try (Connection connection = one.connect()) {
        assertThat(count(connection, "SELECT count(*) FROM joblog.migration")).isPositive();
      }
    }
  }

  @Test
  void anOwnServerKeepsWhatWasCommittedWhenItIsKilled(@TempDir Path folder) throws Exception {
    try (OwnPostgres postgres = OwnPostgres.start(folder.resolve("data"))) {
      try (Connection connection = TestPostgres.connect(postgres.superuser());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
      }
      postgres.kill();
      postgres.restart();
      try (Connection connection = TestPostgres.connect(postgres.superuser())) {
        assertThat(count(connection, "SELECT count(*) FROM kept")).isEqualTo(1000);
      }
    }
  }

  private static long count(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
