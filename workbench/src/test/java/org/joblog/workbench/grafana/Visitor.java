package org.joblog.workbench.grafana;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Somebody who looks at the dashboards with the sample jobs in them. Confined to one thread. */
final class Visitor implements AutoCloseable {

  private final Instant start;
  private final SampleJobs jobs;
  private final Connection connection;

  private Visitor(Instant start, SampleJobs jobs, Connection connection) {
    this.start = start;
    this.jobs = jobs;
    this.connection = connection;
  }

  /** Fills a database with jobs that ran an hour ago. */
  static Visitor arrive() throws Exception {
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(3600);
    SampleJobs jobs = SampleJobs.run(start);
    return new Visitor(start, jobs, jobs.cluster().connectAsGrafana());
  }

  /** When the first job began. */
  Instant start() {
    return start;
  }

  SampleJobs jobs() {
    return jobs;
  }

  /** What is chosen above the dashboards at first. */
  GrafanaSql choices() {
    return SampleJobs.choices(start);
  }

  /** Asks with the first choices. */
  Answer ask(String sql) throws SQLException {
    return ask(choices(), sql);
  }

  Answer ask(GrafanaSql chosen, String sql) throws SQLException {
    return Answer.query(connection, chosen.expand(sql));
  }

  @Override
  public void close() throws IOException, SQLException {
    try (jobs;
        connection) {
      return;
    }
  }
}
