package org.joblog.ingest.store;

import java.util.Map;
import org.flywaydb.core.Flyway;

/**
 * Brings the tables and public views of a database to this version. Safe for use by many threads.
 */
public final class Migrations {

  private Migrations() {}

  /**
   * Applies what is missing, as the role of the settings, which becomes owner of what it creates.
   * No superuser is needed. The roles of writer and reader get their rights if they exist.
   *
   * @return how many migrations were applied
   */
  public static int migrate(StoreSettings settings) {
    return Flyway.configure()
        .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
        .locations("classpath:db/migration")
        .schemas("joblog")
        .createSchemas(true)
        .table("migration")
        .placeholders(Map.of("writer", "joblog_writer", "reader", "joblog_reader"))
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
