package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.joblog.ingest.store.Samples.batch;
import static org.joblog.ingest.store.Samples.chunk;
import static org.joblog.ingest.store.Samples.chunks;
import static org.joblog.ingest.store.Samples.event;
import static org.joblog.ingest.store.Samples.stdout;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.joblog.ingest.batch.Batch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A batch that is begun before the one it builds on is durable: all of it, once, or nothing. */
class CommitAheadTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  private final OpenedJob job;
  private final OpenedStream stream;

  CommitAheadTest() throws Exception {
    job = store.openJob(Samples.job("1"));
    stream = store.openStream(job.jobKey(), stdout(0));
  }

  private Batch numbered(int i) {
    return batch(
        job.jobKey(),
        List.of(event(stream.streamKey(), i, "event " + i)),
        chunks(stream, i + 1, chunk(i, "line " + i)));
  }

  private List<String> lines() throws SQLException {
    return Rows.of(postgres, "SELECT text FROM jobs.log_lines('1') WHERE kind <> 'event'");
  }

  private List<String> events() throws SQLException {
    return Rows.of(postgres, "SELECT message FROM jobs.event ORDER BY message");
  }

  @Test
  void itIsCommittedAfterTheOneBeforeAlthoughItWasBegunEarlier() throws Exception {
    CommitOutcome outcome =
        store.commitAhead(
            numbered(1),
            () -> {
              try {
                store.commit(numbered(0));
                assertThat(lines()).as("before its turn").containsExactly("line 0");
              } catch (Exception e) {
                throw new AssertionError(e);
              }
              return true;
            });

    assertThat(outcome).isEqualTo(CommitOutcome.ALL_WRITTEN);
    assertThat(lines()).containsExactly("line 0", "line 1");
    assertThat(events()).containsExactly("event 0", "event 1");
    assertThat(store.openStream(job.jobKey(), stdout(0)).offset()).isEqualTo(2);
  }

  @Test
  void aTurnThatDoesNotComeLeavesNothingBehindAndTheBatchIsWrittenLater() throws Exception {
    Batch batch = numbered(0);

    assertThat(store.commitAhead(batch, () -> false)).isNull();
    assertThat(lines()).isEmpty();
    assertThat(events()).isEmpty();

    assertThat(store.commit(batch)).isEqualTo(CommitOutcome.ALL_WRITTEN);
    assertThat(lines()).containsExactly("line 0");
  }

  @Test
  void aStreamThatAnotherServerHasTakenMeanwhileGetsNothing() throws Exception {
    Batch batch = numbered(0);

    CommitOutcome outcome =
        store.commitAhead(
            batch,
            () -> {
              try {
                store.openStream(job.jobKey(), stdout(0));
              } catch (StoreUnavailable e) {
                throw new AssertionError(e);
              }
              return true;
            });

    assertThat(outcome).isNull();
    assertThat(lines()).isEmpty();
    assertThat(store.commit(batch).superseded()).containsExactly(stream.streamKey());
    assertThat(lines()).isEmpty();
    assertThat(events()).isEmpty();
  }

  @Test
  void aValueThatTheDatabaseRefusesIsLeftToTheCarefulWay() throws Exception {
    byte[] poison = {'b', 'a', 'd', 0};
    Batch batch =
        batch(
            job.jobKey(),
            chunks(
                stream,
                9,
                chunk(0, "good"),
                chunk(1, poison, new int[] {1}, new long[] {0}, List.of())));

    assertThat(store.commitAhead(batch, () -> true)).isNull();
    assertThat(lines()).isEmpty();

    assertThat(store.commit(batch).quarantined()).containsExactly(stream.streamKey());
    assertThat(lines()).containsExactly("good");
  }

  @Test
  void aConnectionThatBreaksWhileItWaitsWritesNothingAndTheBatchIsThereOnceAfterwards()
      throws Exception {
    Batch batch = numbered(0);

    assertThatThrownBy(() -> store.commitAhead(batch, this::killSessions))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(lines()).isEmpty();

    assertThat(store.commit(batch)).isEqualTo(CommitOutcome.ALL_WRITTEN);
    assertThat(lines()).containsExactly("line 0");
  }

  private boolean killSessions() {
    try {
      Rows.of(
          postgres,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'joblog' AND datname = current_database()");
      return true;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatWasWrittenAheadAndLostItsAnswerIsNotWrittenAgain() throws Exception {
    Batch batch = numbered(0);
    assertThat(store.commitAhead(batch, () -> true)).isEqualTo(CommitOutcome.ALL_WRITTEN);
    // What a lost answer to COMMIT leaves behind: the batch is written, its token is still its own.
    Rows.of(postgres, "UPDATE joblog.commit_token SET sequence = sequence + 1 RETURNING 1");

    assertThat(store.commit(batch)).isEqualTo(CommitOutcome.ALL_WRITTEN);
    assertThat(lines()).containsExactly("line 0");
    assertThat(events()).containsExactly("event 0");
  }
}
