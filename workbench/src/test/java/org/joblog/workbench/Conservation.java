package org.joblog.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.store.Rows;
import org.joblog.ingest.store.StoreSettings;
import org.joblog.ingest.store.TestPostgres;

/**
 * The conservation oracle: what a viewer reads of a stream is what its story says, once and in
 * order. It reads as a viewer does, through the public functions. Confined to one thread.
 */
final class Conservation {

  private static final int PAGE = 10_000;

  private final StoreSettings superuser;

  Conservation(StoreSettings superuser) {
    this.superuser = superuser;
  }

  /** Everything is there. */
  void assertWhole(String job, String stream, Story story) throws SQLException {
    assertThat(lines(job, stream)).as("%s of %s", stream, job).isEqualTo(story.lines());
  }

  /**
   * What a viewer sees is a beginning of the story, and at least what was acknowledged is stored.
   * Lines that still wait for their screen are in the checkpoint, where no viewer looks.
   */
  void assertHolds(String job, String stream, Story story, long acknowledged) throws SQLException {
    String stored =
        ask(
                """
                SELECT coalesce(max(s.committed_offset), 0) FROM joblog.stream s
                JOIN jobs.stream v USING (job_key, stream_key)
                WHERE s.job_key = jobs.job_key(?) AND v.stream = ?
                """,
                job,
                stream)
            .getFirst();
    assertThat(Long.parseLong(stored))
        .as("stored bytes of %s of %s", stream, job)
        .isGreaterThanOrEqualTo(acknowledged);
    List<String> found = lines(job, stream);
    // The last row may be half a line, or a bar on its way.
    int whole = Math.max(0, found.size() - 1);
    List<String> told = List.copyOf(story.lines());
    assertThat(whole).isLessThanOrEqualTo(told.size());
    assertThat(found.subList(0, whole)).isEqualTo(told.subList(0, whole));
  }

  /** The records are there, once, numbered without a hole. */
  void assertRecords(String job, List<String> expected) throws SQLException {
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      numbered.add(i + "|" + expected.get(i));
    }
    assertThat(records(job)).as("records of %s", job).isEqualTo(numbered);
  }

  /** The modes were changed as the story says, and nothing else happened. */
  void assertModes(String job, List<String> expected) throws SQLException {
    List<String> events =
        ask(
            """
            SELECT e.kind || ' ' || coalesce(e.details ->> 'new', '')
            FROM jobs.event e WHERE e.job_key = jobs.job_key(?)
              AND e.kind NOT IN ('options', 'end') ORDER BY e.event_key
            """,
            job);
    assertThat(events)
        .as("events of %s", job)
        .isEqualTo(expected.stream().map(mode -> "command " + mode).toList());
  }

  /** Lines of a stream as a viewer reads them, repetitions written out. */
  private List<String> lines(String job, String stream) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = TestPostgres.connect(superuser)) {
      // A page after the other, as of one moment.
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      for (long first = 0; ; first += PAGE) {
        List<String> page =
            Rows.of(
                connection,
                """
                SELECT l.repeats, l.text FROM jobs.stream s
                CROSS JOIN LATERAL jobs.stream_lines(?, s.stream_key, ?, ?) l
                WHERE s.job_key = jobs.job_key(?) AND s.stream = ? ORDER BY l.line
                """,
                job,
                first,
                PAGE,
                job,
                stream);
        page.forEach(row -> expand(row, lines));
        if (page.size() < PAGE) {
          return lines;
        }
      }
    }
  }

  /** Number and text of each record of a job as a viewer reads them, the oldest first. */
  private List<String> records(String job) throws SQLException {
    List<String> newestFirst = new ArrayList<>();
    try (Connection connection = TestPostgres.connect(superuser)) {
      for (long before = Long.MAX_VALUE; ; ) {
        List<String> page =
            Rows.of(
                connection,
                """
                SELECT r.sequence, r.record
                FROM jobs.metadata_records(?, ?, before => ?) r ORDER BY 1 DESC
                """,
                job,
                PAGE,
                before);
        newestFirst.addAll(page);
        if (page.size() < PAGE) {
          return newestFirst.reversed();
        }
        before = Long.parseLong(page.getLast().split("\\|", 2)[0]);
      }
    }
  }

  private static void expand(String row, List<String> lines) {
    int bar = row.indexOf('|');
    long repeats = Long.parseLong(row.substring(0, bar));
    if (repeats == 0) {
      lines.add(row.substring(bar + 1));
    }
    for (long i = 0; i < repeats; i++) {
      lines.add(lines.getLast());
    }
  }

  private List<String> ask(String sql, Object... parameters) throws SQLException {
    try (Connection connection = TestPostgres.connect(superuser)) {
      return Rows.of(connection, sql, parameters);
    }
  }
}
