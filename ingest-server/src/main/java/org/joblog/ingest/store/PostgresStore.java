package org.joblog.ingest.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.joblog.ingest.batch.Batch;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps jobs in PostgreSQL. Safe for use by many threads.
 *
 * <p>A batch is written by as few statements as there are tables. If the database refuses a value,
 * the transaction is rolled back and done again carefully ({@link Offer}). If the connection breaks
 * at any point, the batch keeps its {@link CommitToken}: committing <em>the same object</em> again
 * writes it if it was not written, and nothing if it was.
 */
public final class PostgresStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);

  /** Work inside one transaction. */
  private interface Work<T extends @Nullable Object> {
    T in(Connection connection) throws SQLException;
  }

  private final HikariDataSource pool;
  private final UpkeepLimits upkeepLimits;
  private final InstantSource clock;
  private final CommitTokens tokens = new CommitTokens();
  private final JobTable jobs = new JobTable();
  private final StreamTable streams = new StreamTable();
  private final FactsTable facts = new FactsTable();

  private PostgresStore(HikariDataSource pool, UpkeepLimits upkeepLimits, InstantSource clock) {
    this.pool = pool;
    this.upkeepLimits = upkeepLimits;
    this.clock = clock;
  }

  /** Opens the store; the database need not be there yet. */
  public static PostgresStore open(StoreSettings settings, InstantSource clock) {
    return new PostgresStore(Connections.pool(settings), settings.limits().upkeep(), clock);
  }

  @Override
  public OpenedJob openJob(JobFacts facts) throws StoreUnavailable {
    return transaction("open job", connection -> jobs.open(connection, facts));
  }

  @Override
  public OpenedStream openStream(long jobKey, StreamIdentity identity) throws StoreUnavailable {
    return transaction("open stream", connection -> streams.open(connection, jobKey, identity));
  }

  @Override
  public CommitOutcome commit(Batch batch) throws StoreUnavailable {
    if (batch.isEmpty()) {
      return CommitOutcome.ALL_WRITTEN;
    }
    CommitToken token = tokens.take(batch);
    try {
      CommitOutcome outcome = commitOrRefuse(batch, token);
      tokens.committed(token);
      return outcome;
    } catch (SQLException e) {
      tokens.uncertain(batch, token);
      repairPartitions(e);
      throw Failure.unavailable("commit", e);
    } catch (RuntimeException e) {
      tokens.uncertain(batch, token);
      throw e;
    }
  }

  @Override
  public @Nullable CommitOutcome commitAhead(Batch batch, Turn turn) throws StoreUnavailable {
    CommitToken token = tokens.take(batch);
    try {
      CommitOutcome outcome = inTransaction(connection -> ahead(connection, batch, token, turn));
      if (outcome == null) {
        tokens.unused(token);
      } else {
        tokens.committed(token);
      }
      return outcome;
    } catch (SQLException e) {
      tokens.uncertain(batch, token);
      if (Failure.of(e) == Failure.REFUSED) {
        return null;
      }
      throw Failure.unavailable("commit", e);
    } catch (RuntimeException e) {
      tokens.uncertain(batch, token);
      throw e;
    }
  }

  private @Nullable CommitOutcome ahead(
      Connection connection, Batch batch, CommitToken token, Turn turn) throws SQLException {
    BatchTransaction transaction =
        new BatchTransaction(connection, Offer.allAtOnce(connection), clock);
    transaction.writeAhead(batch);
    if (turn.await() && transaction.finish(batch) && token.commit(connection)) {
      return CommitOutcome.ALL_WRITTEN;
    }
    connection.rollback();
    return null;
  }

  /** A commit that finds no partition, because upkeep has failed for weeks, creates them. */
  private void repairPartitions(SQLException error) {
    if (Failure.isMissingPartition(error)) {
      List<StoreUnavailable> failures = new ArrayList<>();
      step("create partitions", new Upkeep(upkeepLimits)::createPartitions, failures);
      failures.forEach(error::addSuppressed);
    }
  }

  private CommitOutcome commitOrRefuse(Batch batch, CommitToken token) throws SQLException {
    try {
      return inTransaction(connection -> commitAtOnce(connection, batch, token));
    } catch (SQLException e) {
      if (Failure.of(e) != Failure.REFUSED) {
        throw e;
      }
      LOG.warn(
          "the database refuses a value (SQLSTATE {}); it goes to quarantine", e.getSQLState());
      return inTransaction(connection -> commitCarefully(connection, batch, token));
    }
  }

  private CommitOutcome commitAtOnce(Connection connection, Batch batch, CommitToken token)
      throws SQLException {
    BatchTransaction transaction =
        new BatchTransaction(connection, Offer.allAtOnce(connection), clock);
    CommitOutcome outcome = transaction.write(batch);
    if (token.commit(connection)) {
      return outcome;
    }
    connection.rollback();
    return transaction.replay(batch);
  }

  private CommitOutcome commitCarefully(Connection connection, Batch batch, CommitToken token)
      throws SQLException {
    BatchTransaction transaction =
        new BatchTransaction(connection, Offer.carefully(connection), clock);
    return token.advance(connection) ? transaction.write(batch) : transaction.replay(batch);
  }

  @Override
  public Map<Long, Mode> modes(Collection<Long> jobKeys) throws StoreUnavailable {
    return transaction("read modes", connection -> jobs.modes(connection, jobKeys));
  }

  /**
   * The runs of a cluster's jobs whose end Slurm has not told yet.
   *
   * @throws StoreUnavailable if the database cannot answer now
   */
  public OpenRuns openRuns(String cluster) throws StoreUnavailable {
    return transaction("read open runs", connection -> facts.open(connection, cluster));
  }

  /**
   * Writes what Slurm said, asked after {@link #openRuns} was read. A run that is missing for
   * longer than the grace is given up: it ended, and nobody knows how.
   *
   * @param missing keys of runs that Slurm does not know any more
   * @return how many runs are settled by it
   * @throws StoreUnavailable if the database cannot take it now; nothing was written
   */
  public int writeFacts(
      long atMicros, List<RunFacts> known, Collection<Long> missing, Duration grace)
      throws StoreUnavailable {
    return transaction(
        "write facts", connection -> facts.write(connection, atMicros, known, missing, grace));
  }

  /**
   * One run of what must happen now and then: partitions ahead, retention, compaction. Bounded
   * work, and nothing that commits wait for long. Any number of servers may run it at the same
   * time.
   *
   * @throws StoreUnavailable if a step failed; the others were done nevertheless
   */
  public UpkeepReport maintain() throws StoreUnavailable {
    Upkeep upkeep = new Upkeep(upkeepLimits);
    List<StoreUnavailable> failures = new ArrayList<>();
    UpkeepReport report =
        new UpkeepReport(
            step("create partitions", upkeep::createPartitions, failures),
            step("drop partitions", upkeep::dropPartitions, failures),
            step("remove jobs", upkeep::removeJobs, failures),
            step("compact", upkeep::compact, failures));
    step("forget tokens", upkeep::forgetTokens, failures);
    if (!failures.isEmpty()) {
      StoreUnavailable first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
    return report;
  }

  private int step(String what, Work<Integer> work, List<StoreUnavailable> failures) {
    try {
      return transaction(what, work);
    } catch (StoreUnavailable e) {
      failures.add(e);
      return 0;
    }
  }

  private <T> T transaction(String what, Work<T> work) throws StoreUnavailable {
    try {
      return inTransaction(work);
    } catch (SQLException e) {
      throw Failure.unavailable(what, e);
    }
  }

  private <T extends @Nullable Object> T inTransaction(Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        if (e instanceof SQLException error && Failure.isOfTheServer(error)) {
          pool.evictConnection(connection);
        }
        throw e;
      }
    }
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
