package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What Slurm says of jobs. Immutable.
 *
 * <p>Any number of servers may write at the same time: an older answer writes nothing, and nothing
 * is written after Slurm's last word.
 */
final class FactsTable {

  /** More than any cluster runs at once; what is left has its turn, because the order changes. */
  static final int MAX_RUNS = 50_000;

  /** A list of nodes of a very large job, compressed by Slurm, is shorter. */
  private static final int MAX_NODES = 4_096;

  private static final String OPEN =
      """
      SELECT j.job_key, j.job, j.restart, j.uid, (extract(epoch FROM j.started_at) * 1000000)::bigint,
        (extract(epoch FROM now()) * 1000000)::bigint
      FROM joblog.job j LEFT JOIN joblog.job_facts f ON f.job_key = j.job_key
      WHERE j.cluster = ? AND NOT j.settled AND j.job ~ '^[0-9]+(_[0-9]+)?$'
      ORDER BY f.looked_at NULLS FIRST, j.job_key DESC LIMIT ?
      """;

  private static final String WRITE =
      """
      INSERT INTO joblog.job_facts AS f (job_key, looked_at, missing_since, state, final, partition, nodes,
        submitted_at, ended_at, exit_code, signal)
      SELECT ?, joblog.at(?), NULL, ?, ?, ?, ?, joblog.at(?), joblog.at(?), ?, ?
      ON CONFLICT (job_key) DO UPDATE SET
        looked_at = excluded.looked_at, missing_since = NULL, state = excluded.state,
        final = excluded.final,
        partition = coalesce(nullif(excluded.partition, ''), f.partition),
        nodes = coalesce(nullif(excluded.nodes, ''), f.nodes),
        submitted_at = coalesce(f.submitted_at, excluded.submitted_at),
        ended_at = excluded.ended_at, exit_code = excluded.exit_code, signal = excluded.signal
      WHERE NOT f.final AND f.looked_at <= excluded.looked_at
      """;

  /** Slurm knows the exact start; what the sender told is near enough for its identity to hold. */
  private static final String NAME =
      """
      UPDATE joblog.job j SET name = coalesce(?, name), started_at = coalesce(joblog.at(?), started_at)
      WHERE job_key = ? AND (name, started_at)
        IS DISTINCT FROM (coalesce(?, name), coalesce(joblog.at(?), started_at))
      """;

  private static final String MISSING =
      """
      INSERT INTO joblog.job_facts AS f (job_key, looked_at, missing_since, state, final)
      SELECT k, joblog.at(?), joblog.at(?), 'MISSING', false FROM unnest(?) AS k
      ON CONFLICT (job_key) DO UPDATE SET
        looked_at = excluded.looked_at, missing_since = coalesce(f.missing_since, excluded.missing_since)
      WHERE NOT f.final AND f.looked_at <= excluded.looked_at
      """;

  private static final String GIVE_UP =
      """
      UPDATE joblog.job_facts SET state = 'UNKNOWN', ended_at = missing_since
      WHERE job_key = ANY (?) AND NOT final AND missing_since <= joblog.at(?) - make_interval(secs => ?)
      """;

  private static final String SETTLE =
      """
      UPDATE joblog.job j SET settled = true FROM joblog.job_facts f
      WHERE j.job_key = ANY (?) AND f.job_key = j.job_key AND NOT j.settled
        AND (f.final OR f.state = 'UNKNOWN')
      """;

  OpenRuns open(Connection connection, String cluster) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OPEN)) {
      select.setString(1, cluster);
      select.setInt(2, MAX_RUNS);
      List<OpenRun> runs = new ArrayList<>();
      long at = 0;
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          runs.add(
              new OpenRun(
                  row.getLong(1), row.getString(2), row.getInt(3), row.getLong(4), row.getLong(5)));
          at = row.getLong(6);
        }
      }
      return new OpenRuns(at, runs);
    }
  }

  /** Writes what Slurm said of some runs, and that it does not know others any more. */
  int write(
      Connection connection,
      long atMicros,
      List<RunFacts> known,
      Collection<Long> missing,
      Duration grace)
      throws SQLException {
    writeKnown(connection, atMicros, known);
    Object[] absent = missing.toArray();
    try (PreparedStatement insert = connection.prepareStatement(MISSING);
        PreparedStatement giveUp = connection.prepareStatement(GIVE_UP)) {
      insert.setLong(1, atMicros);
      insert.setLong(2, atMicros);
      insert.setArray(3, connection.createArrayOf("int8", absent));
      insert.executeUpdate();
      giveUp.setArray(1, connection.createArrayOf("int8", absent));
      giveUp.setLong(2, atMicros);
      giveUp.setLong(3, grace.toSeconds());
      giveUp.executeUpdate();
    }
    List<Long> all = new ArrayList<>(missing);
    known.forEach(facts -> all.add(facts.jobKey()));
    try (PreparedStatement settle = connection.prepareStatement(SETTLE)) {
      settle.setArray(1, connection.createArrayOf("int8", all.toArray()));
      return settle.executeUpdate();
    }
  }

  private static void writeKnown(Connection connection, long atMicros, List<RunFacts> known)
      throws SQLException {
    try (PreparedStatement write = connection.prepareStatement(WRITE);
        PreparedStatement name = connection.prepareStatement(NAME)) {
      for (RunFacts facts : known) {
        write.setLong(1, facts.jobKey());
        write.setLong(2, atMicros);
        write.setString(3, CleanText.of(facts.state(), CleanText.NAME_LENGTH));
        write.setBoolean(4, facts.isFinal());
        write.setString(5, CleanText.of(facts.partition(), CleanText.NAME_LENGTH));
        write.setString(6, CleanText.of(facts.nodes(), MAX_NODES));
        write.setObject(7, facts.submittedMicros(), Types.BIGINT);
        write.setObject(8, facts.endedMicros(), Types.BIGINT);
        write.setObject(9, facts.exitCode(), Types.SMALLINT);
        write.setObject(10, facts.signal(), Types.SMALLINT);
        write.addBatch();
        addName(name, facts);
      }
      write.executeBatch();
      name.executeBatch();
    }
  }

  private static void addName(PreparedStatement name, RunFacts facts) throws SQLException {
    String clean = facts.name() == null ? null : CleanText.of(facts.name(), CleanText.NAME_LENGTH);
    name.setString(1, clean);
    name.setObject(2, facts.startedMicros(), Types.BIGINT);
    name.setLong(3, facts.jobKey());
    name.setString(4, clean);
    name.setObject(5, facts.startedMicros(), Types.BIGINT);
    name.addBatch();
  }
}
