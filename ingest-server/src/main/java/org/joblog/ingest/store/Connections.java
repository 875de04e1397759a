package org.joblog.ingest.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;

/** How connections to the database are set up. Immutable. */
final class Connections {

  /**
   * What a session asks its memory allocator for once: it then keeps up to twice as much between
   * batches, and needs no fresh pages for each tuple. Decision 038.
   */
  private static final int KEPT_BYTES = 8 << 20;

  /**
   * What the driver gathers before it sends: a commit of a hundred records in one piece, so that
   * the session is not woken for each 8 KiB of it.
   */
  private static final int SEND_BYTES = 64 << 10;

  private Connections() {}

  /** Properties of the driver. */
  static Properties properties(StoreSettings settings) {
    StoreLimits limits = settings.limits();
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("ApplicationName", "joblog");
    // The detail of an error can quote a value, and errors are logged.
    properties.setProperty("logServerErrorDetail", "false");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("maxSendBufferSize", String.valueOf(SEND_BYTES));
    properties.setProperty("connectTimeout", String.valueOf(limits.connectTimeout().toSeconds()));
    properties.setProperty("socketTimeout", String.valueOf(limits.socketTimeout().toSeconds()));
    return properties;
  }

  /** A pool that can be created while the database is away. */
  static HikariDataSource pool(StoreSettings settings) {
    StoreLimits limits = settings.limits();
    HikariConfig config = new HikariConfig();
    config.setPoolName("joblog-store");
    config.setJdbcUrl(settings.jdbcUrl());
    config.setDataSourceProperties(properties(settings));
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(limits.connections());
    config.setMinimumIdle(0);
    config.setConnectionTimeout(limits.connectTimeout().toMillis());
    config.setValidationTimeout(limits.connectTimeout().toMillis());
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(false);
    config.setConnectionInitSql(sessionSettings(limits));
    return new HikariDataSource(config);
  }

  /**
   * A statement may not run for ever; names mean what the migrations meant, whatever the role's
   * search_path; and an acknowledgement is a promise, so a commit waits for the disk even where the
   * server's default is not to. The text that is made and thrown away raises the size from which on
   * glibc's malloc gives memory back to the kernel: the tuples of a COPY are larger than what it
   * would keep by itself, and fresh pages for each of them cost more than to compress them.
   */
  private static String sessionSettings(StoreLimits limits) {
    return """
    SELECT set_config('statement_timeout', '%d', false),
      set_config('idle_in_transaction_session_timeout', '%d', false),
      set_config('search_path', 'pg_catalog, pg_temp', false),
      set_config('synchronous_commit', CASE current_setting('synchronous_commit')
        WHEN 'off' THEN 'on' WHEN 'local' THEN 'on'
        ELSE current_setting('synchronous_commit') END, false),
      length(repeat('x', %d))
    """
        .formatted(
            limits.statementTimeout().toMillis(), limits.statementTimeout().toMillis(), KEPT_BYTES);
  }
}
