package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.joblog.ingest.store.Samples.batch;
import static org.joblog.ingest.store.Samples.chunk;
import static org.joblog.ingest.store.Samples.chunks;
import static org.joblog.ingest.store.Samples.stdout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Each role can do what it is for, and no more. */
class RolesTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  private static List<String> as(StoreSettings role, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(role)) {
      return Rows.of(connection, sql);
    }
  }

  private static void refused(StoreSettings role, String sql) {
    assertThatThrownBy(
            () -> {
              try (Connection connection = TestPostgres.connect(role);
                  Statement statement = connection.createStatement()) {
                statement.execute(sql);
              }
            })
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isIn("42501", "25006", "55000"));
  }

  @Test
  void theReaderReadsEverythingOfTheInterface() throws Exception {
    try (PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system())) {
      OpenedJob job = store.openJob(Samples.job("1"));
      OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
      store.commit(batch(job.jobKey(), chunks(stream, 1, chunk(0, "seen"))));

      assertThat(as(postgres.reader(), "SELECT body FROM jobs.log_lines('1')"))
          .containsExactly("seen");
      assertThat(as(postgres.reader(), "SELECT jobs.log_text('1')")).containsExactly("seen\n");
      assertThat(
              as(
                  postgres.reader(),
                  "SELECT text FROM jobs.stream_lines('1', " + stream.streamKey() + ")"))
          .containsExactly("seen");
      assertThat(as(postgres.reader(), "SELECT job, state, lines FROM jobs.job_list()"))
          .containsExactly("1|running|1");
      assertThat(as(postgres.reader(), "SELECT * FROM jobs.events('1')")).isEmpty();
      for (String view :
          as(postgres.reader(), "SELECT viewname FROM pg_views WHERE schemaname = 'jobs'")) {
        assertThat(as(postgres.reader(), "SELECT count(*) FROM jobs." + view)).hasSize(1);
      }
    }
  }

  @Test
  void theReaderSeesNoTableAndChangesNothing() throws Exception {
    for (String table :
        Rows.of(postgres, "SELECT tablename FROM pg_tables WHERE schemaname = 'joblog'")) {
      refused(postgres.reader(), "SELECT count(*) FROM joblog." + table);
    }
    refused(postgres.reader(), "SELECT joblog.create_partitions(1)");
    refused(postgres.reader(), "SELECT joblog.drop_partitions('400 days')");
    refused(postgres.reader(), "BEGIN READ WRITE; CREATE TABLE jobs.mine (a integer)");
    refused(postgres.reader(), "BEGIN READ WRITE; UPDATE jobs.job SET name = 'mine'");
  }

  /** What a session may say of itself, a dashboard's query can say, too. */
  @Test
  void theReaderLeavesNothingBehindAndHoldsNobodyUpAlsoWhereItIsNoLongerReadOnly()
      throws Exception {
    // A copy of a database does not have the rights of the one that it was copied from.
    postgres.execute(PostgresServer.rolesOfTheOperator());
    for (String sql :
        List.of(
            "CREATE TEMPORARY TABLE mine (a integer)",
            "CREATE TABLE public.mine (a integer)",
            "CREATE SCHEMA mine",
            "SELECT lo_create(0)",
            "SELECT lo_creat(-1)",
            "SELECT lo_from_bytea(0, '')",
            "SELECT pg_advisory_lock(1)",
            "SELECT pg_try_advisory_lock_shared(1, 1)",
            "SELECT pg_advisory_xact_lock(1)")) {
      refused(postgres.reader(), "BEGIN READ WRITE; " + sql);
    }
  }

  @Test
  void theWriterAltersAndDropsNoTableAndReadsNoMigrations() {
    refused(postgres.writer(), "CREATE TABLE joblog.mine (a integer)");
    refused(postgres.writer(), "CREATE TABLE jobs.mine (a integer)");
    refused(postgres.writer(), "DROP TABLE joblog.job");
    refused(postgres.writer(), "TRUNCATE joblog.job");
    refused(postgres.writer(), "ALTER TABLE joblog.job ADD mine integer");
    refused(postgres.writer(), "UPDATE joblog.event SET message = 'x'");
    refused(postgres.writer(), "DELETE FROM joblog.event");
    refused(postgres.writer(), "UPDATE joblog.chunk SET body = 'x'");
    refused(postgres.writer(), "DELETE FROM joblog.migration");
  }

  @Test
  void everyFunctionThatRunsWithItsOwnersRightsFixesItsSearchPath() throws Exception {
    assertThat(
            Rows.of(
                postgres,
                """
                SELECT p.oid::regprocedure FROM pg_proc p
                WHERE p.pronamespace IN ('joblog'::regnamespace, 'jobs'::regnamespace)
                  AND p.prosecdef
                  AND NOT coalesce(p.proconfig::text LIKE '%search_path=pg_catalog, pg_temp%', false)
                """))
        .isEmpty();
    assertThat(
            Rows.of(
                postgres,
                """
                SELECT p.proname FROM pg_proc p
                WHERE p.pronamespace IN ('joblog'::regnamespace, 'jobs'::regnamespace)
                  AND p.prosecdef ORDER BY 1
                """))
        .containsExactly("create_partitions", "drop_partitions");
  }

  @Test
  void theMigrationsRunAgainAndWithoutTheRolesOfWriterAndReader() throws Exception {
    assertThat(Migrations.migrate(postgres.owner())).isEqualTo(1);
    try (TestPostgres empty = TestPostgres.createEmpty()) {
      empty.execute("GRANT CREATE ON DATABASE " + empty.database() + " TO joblog_owner");
      assertThat(Migrations.migrate(empty.owner())).isGreaterThan(3);
    }
  }
}
