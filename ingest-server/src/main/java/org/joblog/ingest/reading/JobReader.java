package org.joblog.ingest.reading;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about jobs. Each answer is one statement on a connection of its own, which is
 * held until the last row is taken. Blocks. Safe for use by many threads.
 */
public final class JobReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobReader.class);

  /** Rows that the driver fetches at once: a few hundred KiB of lines. */
  private static final int ROWS_AT_ONCE = 200;

  /** The most rows that a function of the interface gives. */
  private static final int ROWS_OF_A_PAGE = 10_000;

  private static final Parameter JOB = Parameter.text("job");
  private static final Parameter USER = Parameter.text("user");
  private static final Parameter JOBS = Parameter.value("jobs", Parameter.Kind.TEXTS);

  private static final String RECORDS =
      """
      SELECT row_to_json(r), r.sequence
      FROM (SELECT time, sequence, record FROM jobs.metadata_records(?, newest => ?, before => ?)) r
      """;

  private final HikariDataSource pool;

  /** Whether it was said that the database does not answer: once, and not for each who asks. */
  private final AtomicBoolean mute = new AtomicBoolean();

  private JobReader(HikariDataSource pool) {
    this.pool = pool;
  }

  /** Makes ready to ask; the database need not be there. */
  public static JobReader open(ReadingSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("joblog-viewing");
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(0);
    config.setConnectionTimeout(settings.connectTimeout().toMillis());
    config.setValidationTimeout(settings.connectTimeout().toMillis());
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(false);
    config.setReadOnly(true);
    config.addDataSourceProperty("ApplicationName", "joblog-viewing");
    long millis = settings.statementTimeout().toMillis();
    // Whoever reads slowly holds a transaction open; not for longer than a statement may take.
    config.setConnectionInitSql(
        """
        SELECT set_config('statement_timeout', '%d', false), set_config('TimeZone', 'UTC', false),
          set_config('idle_in_transaction_session_timeout', '%d', false), set_config('jit', 'off', false),
          set_config('search_path', 'pg_catalog, pg_temp', false)
        """
            .formatted(millis, millis));
    return new JobReader(new HikariDataSource(config));
  }

  /** Jobs that a visitor may see: an operator those of all accounts, or of {@code user}. */
  public void jobs(Visitor visitor, Map<String, List<String>> arguments, RowOutlet rows)
      throws WrongArgument, ReadingUnavailable, IOException {
    FunctionCall call = new FunctionCall(Question.JOBS);
    if (visitor.operator()) {
      call.given(arguments);
    } else {
      Map<String, List<String>> others = new LinkedHashMap<>(arguments);
      others.remove(USER.name());
      call.fixed(USER, visitor.account()).given(others);
    }
    ask(call.statement(), rows);
  }

  /**
   * The key of a job; empty if there is none, or if the visitor may not see it.
   *
   * @param named as the SQL interface names jobs
   */
  public OptionalLong visible(Visitor visitor, String named)
      throws WrongArgument, ReadingUnavailable, IOException {
    Statement statement =
        new Statement(
            "SELECT j.job_key FROM jobs.job j WHERE j.job_key = jobs.job_key(?)"
                + " AND (?::boolean OR j.\"user\" = ?)",
            List.of(JOB.read(List.of(named)), visitor.operator(), visitor.account()));
    List<Long> keys = new ArrayList<>();
    read(statement, row -> keys.add(row.getLong(1)));
    return keys.stream().mapToLong(Long::longValue).findFirst();
  }

  /** What is asked about one job, which the caller has found visible. */
  public void about(
      long jobKey, Question question, Map<String, List<String>> arguments, RowOutlet rows)
      throws WrongArgument, ReadingUnavailable, IOException {
    ask(new FunctionCall(question).fixed(JOB, named(jobKey)).given(arguments).statement(), rows);
  }

  /** The job's own row. */
  public void job(long jobKey, RowOutlet rows)
      throws WrongArgument, ReadingUnavailable, IOException {
    ask(
        new Statement("SELECT row_to_json(r) FROM jobs.job r WHERE r.job_key = ?", List.of(jobKey)),
        rows);
  }

  /** The job's streams, at most {@value #ROWS_OF_A_PAGE}. */
  public void streams(long jobKey, RowOutlet rows)
      throws WrongArgument, ReadingUnavailable, IOException {
    String sql =
        "SELECT row_to_json(r) FROM jobs.stream r WHERE r.job_key = ? ORDER BY r.stream_key LIMIT ?";
    ask(new Statement(sql, List.of(jobKey, ROWS_OF_A_PAGE)), rows);
  }

  /** One key of several jobs, which the caller has found visible. */
  public void compare(List<Long> jobKeys, Map<String, List<String>> arguments, RowOutlet rows)
      throws WrongArgument, ReadingUnavailable, IOException {
    String[] named = jobKeys.stream().map(JobReader::named).toArray(String[]::new);
    FunctionCall call = new FunctionCall(Question.COMPARISON).fixed(JOBS, named).given(arguments);
    ask(call.statement(), rows);
  }

  /**
   * All records of a job, newest first. Each page is a statement of its own, so that a long
   * download holds no transaction; a page begins before the last record of the one before, so none
   * is missed and none comes twice.
   */
  public void metadata(long jobKey, RowOutlet rows)
      throws WrongArgument, ReadingUnavailable, IOException {
    AtomicLong before = new AtomicLong(Long.MAX_VALUE);
    AtomicInteger count = new AtomicInteger();
    do {
      count.set(0);
      read(
          new Statement(RECORDS, List.of(named(jobKey), ROWS_OF_A_PAGE, before.get())),
          row -> {
            rows.row(row.getString(1));
            before.set(row.getLong(2));
            count.incrementAndGet();
          });
    } while (count.get() == ROWS_OF_A_PAGE);
  }

  private static String named(long jobKey) {
    return "key:" + jobKey;
  }

  private void ask(Statement statement, RowOutlet rows)
      throws WrongArgument, ReadingUnavailable, IOException {
    read(statement, row -> rows.row(row.getString(1)));
  }

  private void read(Statement statement, RowReader reader)
      throws WrongArgument, ReadingUnavailable, IOException {
    try (Connection connection = pool.getConnection();
        PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
      prepared.setFetchSize(ROWS_AT_ONCE);
      int place = 0;
      for (Object value : statement.values()) {
        boolean several = value instanceof String[];
        prepared.setObject(
            ++place, several ? connection.createArrayOf("text", (String[]) value) : value);
      }
      try (ResultSet found = prepared.executeQuery()) {
        while (found.next()) {
          reader.read(found);
        }
      }
      if (mute.getAndSet(false)) {
        LOG.info("viewers are answered again");
      }
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  /** Takes what it wants of a row. */
  private interface RowReader {
    void read(ResultSet row) throws SQLException, IOException;
  }

  /** Class 22 of SQLSTATE is about values, and these are the arguments of who asks. */
  private ReadingUnavailable explained(SQLException e) throws WrongArgument {
    String state = Objects.requireNonNullElse(e.getSQLState(), "");
    String message = Objects.requireNonNullElse(e.getMessage(), "");
    if (state.startsWith("22")) {
      throw new WrongArgument(message.lines().findFirst().orElse("").replace("ERROR: ", ""));
    }
    if (state.equals("57014")) {
      return new ReadingUnavailable("the answer takes too long (expected: a narrower question)", e);
    }
    if (!mute.getAndSet(true)) {
      LOG.warn("viewers are not answered, until further notice: {}", message);
    }
    return new ReadingUnavailable("the database does not answer now", e);
  }

  @Override
  public void close() {
    pool.close();
  }
}
