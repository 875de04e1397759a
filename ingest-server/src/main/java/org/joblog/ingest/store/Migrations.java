package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/**
 * Brings the tables and public views of a database to this version. Safe for use by many threads.
 */
public final class Migrations {

  /**
   * PostgreSQL 15, as {@code server_version_num} writes it: functions with a body that is parsed.
   */
  private static final int OLDEST_SERVER = 150_000;

  /** What the newest migration did when there were fifteen, before five did the same. */
  private static final String NEWEST_OF_FIFTEEN = "newest records";

  private Migrations() {}

  /**
   * Applies what is missing, as the role of the settings, which becomes owner of what it creates.
   * No superuser is needed. The roles of writer and reader get their rights if they exist.
   *
   * @return how many migrations were applied
   * @throws IllegalStateException if the database cannot be reached, or is none for joblog: another
   *     encoding than UTF8, or too old; nothing has been changed then
   */
  public static int migrate(StoreSettings settings) {
    requireFit(settings);
    Flyway flyway =
        Flyway.configure()
            .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
            .locations("classpath:db/migrations")
            .schemas("joblog")
            .createSchemas(true)
            .table("migration")
            .placeholders(Map.of("writer", "joblog_writer", "reader", "joblog_reader"))
            .load();
    if (Stream.of(flyway.info().applied())
        .anyMatch(migration -> migration.getDescription().equals(NEWEST_OF_FIFTEEN))) {
      // What is there is to the letter what four of the five make (docs/decisions/135), and the
      // fifth replaces: only the records are corrected.
      flyway.repair();
    }
    return flyway.migrate().migrationsExecuted;
  }

  /**
   * In a cluster of the locale C a database is SQL_ASCII when nobody says otherwise. It would take
   * every line, count bytes as characters and hand out what no viewer can read: found out late.
   */
  private static void requireFit(StoreSettings settings) {
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                """
                SELECT current_setting('server_version_num')::integer,
                  current_setting('server_version'), current_setting('server_encoding')
                """)) {
      found.next();
      if (found.getInt(1) < OLDEST_SERVER) {
        throw new IllegalStateException(
            "PostgreSQL: " + found.getString(2) + " (expected: 15 or newer)");
      }
      if (!"UTF8".equals(found.getString(3))) {
        throw new IllegalStateException(
            "encoding of the database: "
                + found.getString(3)
                + " (expected: UTF8, as createdb --template=template0 --encoding=UTF8 makes it)");
      }
    } catch (SQLException e) {
      throw new IllegalStateException("no connection: " + e.getMessage(), e);
    }
  }
}
