package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.joblog.ingest.store.Samples.at;
import static org.joblog.ingest.store.Samples.batch;
import static org.joblog.ingest.store.Samples.bytes;
import static org.joblog.ingest.store.Samples.chunk;
import static org.joblog.ingest.store.Samples.chunks;
import static org.joblog.ingest.store.Samples.event;
import static org.joblog.ingest.store.Samples.screen;
import static org.joblog.ingest.store.Samples.stdout;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.JobEnd;
import org.joblog.ingest.batch.Mark;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.schema.log.LineKind;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PostgresStoreTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  private OpenedJob job;

  private OpenedStream open(String id) throws StoreUnavailable {
    job = store.openJob(Samples.job(id));
    return store.openStream(job.jobKey(), stdout(0));
  }

  private List<String> log(String id) throws SQLException {
    return Rows.of(postgres, "SELECT body FROM jobs.log_lines(?)", id);
  }

  @Test
  void aNewStreamBeginsAtTheStart() throws Exception {
    OpenedStream stream = open("1");

    assertThat(job.created()).isTrue();
    assertThat(stream.offset()).isZero();
    assertThat(stream.checkpoint()).isNull();
    assertThat(stream.journal()).isEmpty();
    assertThat(stream.scrollbackEnd()).isZero();
    assertThat(stream.ended()).isFalse();
  }

  @Test
  void linesComeBackInOrderFromChunksBaseAndTail() throws Exception {
    OpenedStream stream = open("1");
    store.commit(batch(job.jobKey(), chunks(stream, 10, chunk(0, "a", "", "c"), chunk(3, "d"))));
    store.commit(
        batch(job.jobKey(), screen(stream, 20, 4, new Screen(chunk(4, "e", "f", "g"), 3, null))));
    assertThat(log("1")).containsExactly("a", "", "c", "d", "e", "f", "g");

    store.commit(
        batch(job.jobKey(), screen(stream, 30, 4, new Screen(null, 2, chunk(6, "G", "h")))));
    assertThat(log("1")).containsExactly("a", "", "c", "d", "e", "f", "G", "h");

    store.commit(batch(job.jobKey(), chunks(stream, 40, chunk(4, "e", "f", "G", "h", "i"))));
    assertThat(log("1")).containsExactly("a", "", "c", "d", "e", "f", "G", "h", "i");
  }

  @Test
  void aBaseThatStaysIsShownFromTheScrollbacksEndOn() throws Exception {
    OpenedStream stream = open("1");
    store.commit(
        batch(job.jobKey(), screen(stream, 5, 0, new Screen(chunk(0, "a", "b", "c"), 3, null))));
    StreamBatch advanced =
        new StreamBatch(
            stream.streamKey(),
            stream.owner(),
            9,
            null,
            new byte[0],
            2,
            List.of(chunk(0, "a", "b")),
            new Screen(null, 3, chunk(3, "d")),
            9,
            false);
    store.commit(batch(job.jobKey(), advanced));

    assertThat(log("1")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void marksTimesAndColoursComeBack() throws Exception {
    OpenedStream stream = open("1");
    List<Mark> marks =
        List.of(
            new Mark(0, LineKind.METADATA, 0, 0, 0, 0, null),
            new Mark(1, LineKind.TEXT, 0, 0, 0, 17, "\u001b[31mré\\d\"\u001b[0m"),
            new Mark(2, LineKind.REPEAT, 5, Samples.NOON + 1, Samples.NOON + 2, 0, null));
    var chunk =
        chunk(0, bytes("{}\nré\\d\"\nagain"), new int[] {2, 1}, new long[] {0, 250_000}, marks);
    String sql =
        """
        SELECT line, body, text, kind, repeats, cut_bytes, extract(epoch FROM time) * 1000000,
          extract(epoch FROM repeated_to) * 1000000 FROM jobs.log_lines('1')
        """;

    String[] expected = {
      "0|{}|{}|metadata|0|0|1795348800000000.000000|null",
      "1|\u001b[31mré\\d\"\u001b[0m|ré\\d\"|text|0|17|1795348800000000.000000|null",
      "2|again|again|repeat|5|0|1795348800250000.000000|1795348800000002.000000"
    };
    store.commit(batch(job.jobKey(), screen(stream, 5, 0, new Screen(chunk, 3, null))));
    assertThat(Rows.of(postgres, sql)).containsExactly(expected);
    store.commit(batch(job.jobKey(), screen(stream, 6, 0, new Screen(null, 0, chunk))));
    assertThat(Rows.of(postgres, sql)).containsExactly(expected);
    store.commit(batch(job.jobKey(), chunks(stream, 7, chunk)));
    assertThat(Rows.of(postgres, sql)).containsExactly(expected);
  }

  @Test
  void checkpointAndJournalComeBackWithTheOffset() throws Exception {
    OpenedStream stream = open("1");
    byte[] checkpoint = new byte[5000];
    java.util.Arrays.fill(checkpoint, (byte) 0xa7);
    StreamBatch first =
        new StreamBatch(
            stream.streamKey(),
            stream.owner(),
            100,
            checkpoint,
            new byte[0],
            0,
            List.of(),
            null,
            100,
            false);
    StreamBatch second =
        new StreamBatch(
            stream.streamKey(),
            stream.owner(),
            103,
            null,
            new byte[] {0, -1, 5},
            0,
            List.of(),
            null,
            103,
            true);
    store.commit(batch(job.jobKey(), first));
    store.commit(batch(job.jobKey(), second));

    OpenedStream again = store.openStream(job.jobKey(), stdout(0));
    assertThat(again.offset()).isEqualTo(103);
    assertThat(again.checkpoint()).isEqualTo(checkpoint);
    assertThat(again.journal()).containsExactly(0, -1, 5);
    assertThat(again.ended()).isTrue();
    assertThat(again.owner()).isGreaterThan(stream.owner());
  }

  @Test
  void anEarlierOwnerWritesNothing() throws Exception {
    OpenedStream old = open("1");
    OpenedStream other = store.openStream(job.jobKey(), stdout(1));
    OpenedStream taken = store.openStream(job.jobKey(), stdout(0));
    Batch batch =
        batch(
            job.jobKey(),
            List.of(
                event(old.streamKey(), 1, "of the old"),
                event(other.streamKey(), 1, "of the other"),
                event(0, 0, "of the job")),
            chunks(old, 7, chunk(0, "old")),
            chunks(other, 7, chunk(0, "other")));

    CommitOutcome outcome = store.commit(batch);

    assertThat(outcome.superseded()).containsExactly(old.streamKey());
    assertThat(outcome.quarantined()).isEmpty();
    assertThat(log("1")).containsExactlyInAnyOrder("other", "of the other", "of the job");
    assertThat(store.openStream(job.jobKey(), stdout(0)).offset()).isZero();
    assertThat(taken.owner()).isGreaterThan(old.owner());
  }

  @Test
  void aJobThatIsAllAnotherServersKeepsItsModeAndEnd() throws Exception {
    OpenedStream old = open("1");
    store.openStream(job.jobKey(), stdout(0));
    JobBatch late =
        new JobBatch(
            job.jobKey(),
            Mode.DISABLED,
            new JobEnd(Samples.NOON, 0, 0),
            List.of(),
            List.of(),
            KeyNews.NONE,
            List.of(at(old, 7)));

    store.commit(new Batch(List.of(late)));

    assertThat(Rows.of(postgres, "SELECT mode, state FROM jobs.job"))
        .containsExactly("enabled|running");
  }

  @Test
  void modeAndEndOfAJobAreKept() throws Exception {
    open("1");
    store.commit(
        new Batch(
            List.of(
                new JobBatch(
                    job.jobKey(),
                    Mode.METADATA,
                    new JobEnd(Samples.NOON + 5_000_000, -1, 9),
                    List.of(),
                    List.of(),
                    KeyNews.NONE,
                    List.of()))));

    assertThat(store.modes(List.of(job.jobKey(), 987L)))
        .containsExactly(java.util.Map.entry(job.jobKey(), Mode.METADATA));
    assertThat(Rows.of(postgres, "SELECT state, exit_code, signal FROM jobs.job"))
        .containsExactly("killed|-1|9");

    assertThat(store.openJob(Samples.job("1")).options())
        .isEqualTo(new JobOptions(Mode.METADATA, true));
    assertThat(Rows.of(postgres, "SELECT state FROM jobs.job"))
        .as("a job that greets again runs again: the second wrapped command of a batch script")
        .containsExactly("running");
  }

  @Test
  void theSameBatchWrittenTwiceIsThereOnce() throws Exception {
    OpenedStream stream = open("1");
    Batch batch =
        batch(
            job.jobKey(),
            List.of(event(stream.streamKey(), 1, "gap")),
            chunks(stream, 7, chunk(0, "a", "b")));
    store.commit(batch);
    // What a lost answer to COMMIT leaves behind: the batch is written, its token is still its own.
    Rows.of(postgres, "UPDATE joblog.commit_token SET sequence = sequence + 1 RETURNING 1");

    assertThat(store.commit(batch)).isEqualTo(CommitOutcome.ALL_WRITTEN);
    assertThat(log("1")).containsExactly("a", "gap", "b");
  }

  @Test
  void aJobThatIsOpenedAgainKnowsWhatItsUserWasToldAboutCaps() throws Exception {
    List<Event> events =
        List.of(
            Samples.event(0, 0, "a gap"),
            new Event(Samples.NOON, 0, 0, EventKind.METADATA_CAP, "too many keys", "{}"));
    OpenedJob cap = store.openJob(Samples.job("cap"));
    assertThat(cap.capNotices()).isEmpty();
    store.commit(Samples.batch(cap.jobKey(), events));
    store.commit(Samples.batch(cap.jobKey(), events));
    assertThat(store.openJob(Samples.job("cap")).capNotices()).containsExactly("too many keys");
  }

  @Test
  void aJobIdWithOtherCharactersIsNotStored() {
    assertThatThrownBy(() -> store.openJob(Samples.job("1; DROP")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("job id");
  }

  @Test
  void namesThatTheDatabaseWouldRefuseAreCleaned() throws Exception {
    JobFacts odd =
        new JobFacts("f", "1", 0, "a\0da", 1, "x\ud800y" + "z".repeat(400), 5, JobOptions.DEFAULT);
    store.openJob(odd);

    assertThat(Rows.of(postgres, "SELECT \"user\", length(name), left(name, 3) FROM jobs.job"))
        .containsExactly("ada|256|x\ufffdy");
  }
}
