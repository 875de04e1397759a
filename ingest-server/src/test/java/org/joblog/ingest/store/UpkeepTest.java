package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.joblog.ingest.store.Samples.at;
import static org.joblog.ingest.store.Samples.batch;
import static org.joblog.ingest.store.Samples.bytes;
import static org.joblog.ingest.store.Samples.chunk;
import static org.joblog.ingest.store.Samples.chunks;
import static org.joblog.ingest.store.Samples.stdout;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.joblog.ingest.batch.Mark;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.schema.log.LineKind;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class UpkeepTest {

  private static final String LINES =
      """
      SELECT line, body, kind, repeats, cut_bytes, time, repeated_from, repeated_to
      FROM jobs.log_lines('1', newest => 10000)
      """;

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store =
      PostgresStore.open(
          postgres
              .writer()
              .with(
                  StoreLimits.DEFAULT.withUpkeep(
                      UpkeepLimits.DEFAULT.withCompactionQuiet(Duration.ZERO))),
          InstantSource.system());

  private long sql(String statement, Object... parameters) throws SQLException {
    return Long.parseLong(Rows.of(postgres, statement, parameters).getFirst());
  }

  @Test
  void partitionsAreThereForTheWeeksAhead() throws Exception {
    assertThat(Rows.of(postgres, partitionsOf("chunk"))).hasSize(5);
    dropPartitionsOfChunks();

    UpkeepReport report = store.maintain();

    assertThat(report.partitionsCreated()).isEqualTo(5);
    assertThat(Rows.of(postgres, partitionsOf("chunk"))).hasSize(5);
  }

  @Test
  void aCommitThatFindsNoPartitionCreatesThemAndIsWrittenWhenTriedAgain() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    dropPartitionsOfChunks();
    var batch = batch(job.jobKey(), chunks(stream, 1, chunk(0, "a")));

    assertThatThrownBy(() -> store.commit(batch)).isInstanceOf(StoreUnavailable.class);
    assertThat(store.commit(batch)).isEqualTo(CommitOutcome.ALL_WRITTEN);
    assertThat(Rows.of(postgres, LINES)).hasSize(1);
  }

  @Test
  void whatIsOlderThanTheRetentionGoesByDroppingPartitionsAndThenTheJob() throws Exception {
    OpenedJob old = store.openJob(Samples.job("old"));
    OpenedStream oldStream = store.openStream(old.jobKey(), stdout(0));
    store.commit(batch(old.jobKey(), chunks(oldStream, 1, chunk(0, "a"))));
    OpenedJob present = store.openJob(Samples.job("present"));
    OpenedStream presentStream = store.openStream(present.jobKey(), stdout(0));
    store.commit(batch(present.jobKey(), chunks(presentStream, 1, chunk(0, "b"))));
    age(old.jobKey());

    UpkeepReport report = store.maintain();

    assertThat(report.partitionsDropped()).isEqualTo(1);
    assertThat(report.jobsRemoved()).isEqualTo(1);
    assertThat(Rows.of(postgres, "SELECT job FROM jobs.job")).containsExactly("present");
    assertThat(Rows.of(postgres, "SELECT DISTINCT job_key FROM joblog.stream"))
        .containsExactly(String.valueOf(present.jobKey()));
    assertThat(store.commit(batch(old.jobKey(), at(oldStream, 2))).superseded())
        .containsExactly(oldStream.streamKey());
  }

  @Test
  void aRetentionOfLessThanADayIsRefused() {
    assertThatThrownBy(() -> sql("SELECT joblog.drop_partitions('1 hour')"))
        .hasMessageContaining("expected: >= 1 day");
  }

  @Test
  void smallChunksOfAnEndedStreamAreJoinedAndReadTheSame() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    for (int i = 0; i < 300; i++) {
      store.commit(batch(job.jobKey(), chunks(stream, i + 1, small(i))));
    }
    store.commit(batch(job.jobKey(), end(stream, 301, 600)));
    List<String> before = Rows.of(postgres, LINES);
    assertThat(before).hasSize(600);

    UpkeepReport report = store.maintain();

    assertThat(report.streamsCompacted()).isEqualTo(1);
    assertThat(sql("SELECT count(*) FROM joblog.chunk")).isEqualTo(1);
    assertThat(Rows.of(postgres, LINES)).isEqualTo(before);
    assertThat(sql("SELECT count(*) FROM joblog.compaction")).isZero();
    assertThat(store.maintain().streamsCompacted()).isZero();
  }

  /** Two lines, now and then with a mark, a colour and times of their own. */
  private static org.joblog.ingest.batch.Chunk small(int i) {
    List<Mark> marks = new ArrayList<>();
    if (i % 3 == 0) {
      marks.add(new Mark(1, LineKind.REPEAT, i, Samples.NOON + i, Samples.NOON + 2L * i, 0, null));
    }
    if (i % 3 == 1) {
      marks.add(new Mark(1, LineKind.TEXT, 0, 0, 0, i, "\u001b[1m" + i + "\u001b[0m"));
    }
    byte[] text = bytes("line " + 2 * i + "\n" + (i % 5 == 0 ? "" : "more"));
    return i % 2 == 0
        ? Samples.chunk(2L * i, text, new int[] {2}, new long[] {0}, marks)
        : Samples.chunk(2L * i, text, new int[] {1, 1}, new long[] {0, 77}, marks);
  }

  @Test
  void chunksAreJoinedUpTo64KiBAndLargeOnesAreLeftAlone() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    String kilobyte = "x".repeat(1023);
    String large = "y".repeat(16_384);
    int line = 0;
    for (int i = 0; i < 100; i++) {
      store.commit(batch(job.jobKey(), chunks(stream, line + 1, chunk(line, kilobyte))));
      line++;
    }
    store.commit(batch(job.jobKey(), chunks(stream, line + 1, chunk(line, large))));
    line++;
    store.commit(batch(job.jobKey(), chunks(stream, line + 1, chunk(line, large))));
    store.commit(batch(job.jobKey(), end(stream, 1000, line + 1)));

    store.maintain();

    assertThat(Rows.of(postgres, "SELECT lines FROM joblog.chunk ORDER BY first_line"))
        .containsExactly("64", "36", "1", "1");
  }

  @Test
  void readersSeeAllLinesOnceWhileChunksAreJoinedAndAdded() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService background = Executors.newFixedThreadPool(2)) {
      Future<?> upkeep =
          background.submit(() -> {
            while (!done.get()) {
              store.maintain();
            }
            return null;
          });
      Future<?> reader =
          background.submit(() -> {
            while (!done.get()) {
              linesAreConsecutive();
            }
            return null;
          });
      for (int i = 0; i < 400; i++) {
        store.commit(batch(job.jobKey(), chunks(stream, i + 1, chunk(2L * i, "a" + i, "b" + i))));
      }
      done.set(true);
      upkeep.get();
      reader.get();
    }
    store.maintain();
    assertThat(linesAreConsecutive()).isEqualTo(800);
    assertThat(sql("SELECT count(*) FROM joblog.chunk")).isLessThan(10);
  }

  private int linesAreConsecutive() throws SQLException {
    List<String> lines =
        Rows.of(postgres, "SELECT line FROM jobs.log_lines('1', newest => 10000) ORDER BY line");
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).isEqualTo(String.valueOf(i));
    }
    return lines.size();
  }

  @Test
  void theScheduleRunsAtItsStartAndEnds() throws Exception {
    dropPartitionsOfChunks();
    try (UpkeepSchedule schedule = UpkeepSchedule.start(store, Duration.ofHours(1))) {
      await().until(() -> Rows.of(postgres, partitionsOf("chunk")).size() == 5);
      assertThat(schedule).isNotNull();
    }
  }

  private static StreamBatch end(OpenedStream stream, long offset, long scrollbackEnd) {
    return new StreamBatch(
        stream.streamKey(),
        stream.owner(),
        offset,
        null,
        new byte[0],
        scrollbackEnd,
        List.of(),
        null,
        offset,
        true);
  }

  private static String partitionsOf(String table) {
    return "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'joblog.%s'::regclass"
            .formatted(table)
        + " AND inhrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')";
  }

  private void dropPartitionsOfChunks() throws SQLException {
    for (String partition : Rows.of(postgres, partitionsOf("chunk"))) {
      postgres.execute("DROP TABLE " + partition);
    }
  }

  /** Moves all that is stored of a job 200 days into the past, as if it had been stored then. */
  private void age(long jobKey) throws SQLException {
    postgres.execute(
        """
        DO $$ DECLARE week timestamptz := date_trunc('week', now() - interval '200 days', 'UTC');
        BEGIN
          EXECUTE format('CREATE TABLE joblog.chunk_%%s PARTITION OF joblog.chunk'
            || ' FOR VALUES FROM (%%L) TO (%%L)',
            to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD'), week, week + interval '168 hours');
          UPDATE joblog.chunk SET stored_at = week + interval '1 day' WHERE job_key = %1$d;
          UPDATE joblog.job SET seen_at = week + interval '1 day' WHERE job_key = %1$d;
          UPDATE joblog.stream SET created_at = week, committed_at = week + interval '1 day'
            WHERE job_key = %1$d;
        END $$
        """
            .formatted(jobKey));
  }
}
