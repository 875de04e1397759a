package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.JobEnd;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.options.Mode;

/**
 * The rows of jobs. Immutable.
 *
 * <p>Which greeting belongs to which job: ids wrap round, and the nodes and steps of one job greet
 * with start times that differ, by days for a late step. So a greeting belongs to the known job of
 * the same cluster, id and restart count if it started less than {@link #IDENTITY_DAYS} away from
 * the time in which that job showed signs of life; else it is another job with the same id.
 */
final class JobTable {

  /**
   * Slurm's ids wrap after 67 million jobs: 2.2 million a day would be needed to reach one twice in
   * this time.
   */
  private static final int IDENTITY_DAYS = 30;

  private static final Pattern JOB_ID = Pattern.compile("[A-Za-z0-9_.+-]{1,64}");

  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 7))";

  private static final String FIND =
      """
      UPDATE joblog.job SET seen_at = now(), ended_at = NULL, exit_code = NULL, signal = NULL, settled = false WHERE job_key = (
        SELECT j.job_key FROM joblog.job j
        WHERE j.job = ? AND j.cluster = ? AND j.restart = ?
          AND joblog.at(?) BETWEEN j.started_at - make_interval(days => ?) AND make_interval(days => ?)
            + greatest(j.started_at, j.seen_at, j.ended_at,
                (SELECT max(s.committed_at) FROM joblog.stream s WHERE s.job_key = j.job_key))
        ORDER BY j.started_at DESC, j.job_key DESC LIMIT 1)
      RETURNING job_key, uid, mode, commands
      """;

  private static final String INSERT =
      """
      INSERT INTO joblog.job
        (cluster, job, restart, user_name, uid, name, started_at, mode, commands)
      VALUES (?, ?, ?, ?, ?, ?, joblog.at(?), ?, ?) RETURNING job_key
      """;

  private static final String UPDATE =
      """
      UPDATE joblog.job SET
        seen_at = now(),
        mode = coalesce(?, mode),
        ended_at = coalesce(joblog.at(?), ended_at),
        exit_code = coalesce(?, exit_code),
        signal = coalesce(?, signal)
      WHERE job_key = ?
      """;

  private final MetadataTables metadata = new MetadataTables();
  private final EventTable events = new EventTable();

  /**
   * Finds or creates the job of a greeting.
   *
   * @throws IllegalArgumentException if its id is not one
   */
  OpenedJob open(Connection connection, JobFacts facts) throws SQLException {
    if (!JOB_ID.matcher(facts.job()).matches()) {
      throw new IllegalArgumentException(
          "job id: " + facts.job().length() + " characters (expected: " + JOB_ID.pattern() + ")");
    }
    JobFacts clean = clean(facts);
    lock(connection, clean);
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setString(1, clean.job());
      find.setString(2, clean.cluster());
      find.setInt(3, clean.restart());
      find.setLong(4, clean.startedMicros());
      find.setInt(5, IDENTITY_DAYS);
      find.setInt(6, IDENTITY_DAYS);
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? known(connection, row) : create(connection, clean);
      }
    }
  }

  private static JobFacts clean(JobFacts facts) {
    return new JobFacts(
        CleanText.of(facts.cluster(), CleanText.NAME_LENGTH),
        facts.job(),
        facts.restart(),
        CleanText.of(facts.user(), CleanText.NAME_LENGTH),
        facts.uid(),
        CleanText.of(facts.name(), CleanText.NAME_LENGTH),
        facts.startedMicros(),
        facts.options());
  }

  /** Two first greetings of one job wait for each other, here or on two servers. */
  private static void lock(Connection connection, JobFacts facts) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setString(1, facts.cluster() + '/' + facts.job() + '/' + facts.restart());
      lock.execute();
    }
  }

  private OpenedJob known(Connection connection, ResultSet row) throws SQLException {
    long jobKey = row.getLong(1);
    return new OpenedJob(
        jobKey,
        false,
        row.getLong(2),
        new JobOptions(mode(row.getString(3)), row.getBoolean(4)),
        metadata.nextSequence(connection, jobKey),
        metadata.readStatistics(connection, jobKey),
        events.capNotices(connection, jobKey));
  }

  private static OpenedJob create(Connection connection, JobFacts facts) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, facts.cluster());
      insert.setString(2, facts.job());
      insert.setInt(3, facts.restart());
      insert.setString(4, facts.user());
      insert.setLong(5, facts.uid());
      insert.setString(6, facts.name());
      insert.setLong(7, facts.startedMicros());
      insert.setString(8, facts.options().mode().word());
      insert.setBoolean(9, facts.options().commands());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return new OpenedJob(
            row.getLong(1), true, facts.uid(), facts.options(), 0, List.of(), List.of());
      }
    }
  }

  private static Mode mode(String word) {
    return Mode.ofWord(word)
        .orElseThrow(() -> new IllegalStateException("mode in the database: " + word));
  }

  /** Writes new modes and ends; a new mode is told to all servers. */
  void update(Connection connection, List<JobBatch> jobs) throws SQLException {
    List<JobBatch> changed =
        jobs.stream().filter(job -> job.mode() != null || job.ended() != null).toList();
    if (changed.isEmpty()) {
      return;
    }
    try (PreparedStatement update = connection.prepareStatement(UPDATE);
        PreparedStatement tell = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      for (JobBatch job : changed) {
        Mode mode = job.mode();
        JobEnd end = job.ended();
        update.setString(1, mode == null ? null : mode.word());
        update.setObject(2, end == null ? null : end.atMicros(), java.sql.Types.BIGINT);
        update.setObject(3, end == null ? null : end.exitCode(), java.sql.Types.SMALLINT);
        update.setObject(4, end == null ? null : end.signal(), java.sql.Types.SMALLINT);
        update.setLong(5, job.jobKey());
        update.executeUpdate();
        if (mode != null) {
          tell.setString(1, ModeListener.CHANNEL);
          tell.setString(2, job.jobKey() + " " + mode.word());
          tell.execute();
        }
      }
    }
  }

  /** The present modes of jobs; those that are no longer there are left out. */
  Map<Long, Mode> modes(Connection connection, Collection<Long> jobKeys) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT job_key, mode FROM joblog.job WHERE job_key = ANY (?)")) {
      List<Long> keys = new ArrayList<>(jobKeys);
      select.setArray(1, connection.createArrayOf("int8", keys.toArray()));
      Map<Long, Mode> modes = new HashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          modes.put(row.getLong(1), mode(row.getString(2)));
        }
      }
      return modes;
    }
  }
}
