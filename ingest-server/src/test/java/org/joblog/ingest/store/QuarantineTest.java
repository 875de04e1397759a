package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joblog.ingest.store.Samples.batch;
import static org.joblog.ingest.store.Samples.bytes;
import static org.joblog.ingest.store.Samples.chunk;
import static org.joblog.ingest.store.Samples.chunks;
import static org.joblog.ingest.store.Samples.event;
import static org.joblog.ingest.store.Samples.screen;
import static org.joblog.ingest.store.Samples.stderr;
import static org.joblog.ingest.store.Samples.stdout;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.Mark;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.KeyTable;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.schema.log.LineKind;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One bad thing costs one thing. */
class QuarantineTest {

  private static final byte[] POISON = {'b', 'a', 'd', 0, '!'};
  private static final byte[] NOT_UTF8 = {'b', (byte) 0xff, (byte) 0xc3};

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  private List<String> sql(String sql) throws SQLException {
    return Rows.of(postgres, sql);
  }

  @Test
  void aLineOfAChunkIsSetAsideAndItsNeighboursStay() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream bad = store.openStream(job.jobKey(), stdout(0));
    OpenedStream good = store.openStream(job.jobKey(), stderr(0));
    byte[] text = bytes(String.join("\n", IntStream.range(0, 100).mapToObj(i -> "l" + i).toList()));
    // "l37" begins after 10 lines of 3 bytes and 27 of 4.
    text[10 * 3 + 27 * 4 + 1] = 0;
    int[] runs = {60, 40};
    List<Mark> marks = List.of(new Mark(99, LineKind.METADATA, 0, 0, 0, 0, null));
    var chunk = chunk(0, text, runs, new long[] {0, 5_000_000}, marks);

    CommitOutcome outcome =
        store.commit(
            batch(job.jobKey(), chunks(bad, 400, chunk), chunks(good, 9, chunk(0, "fine"))));

    assertThat(outcome.quarantined()).containsExactly(bad.streamKey());
    assertThat(outcome.superseded()).isEmpty();
    List<String> lines =
        sql("SELECT line, text, kind FROM jobs.log_lines('1') WHERE kind <> 'event'");
    assertThat(lines)
        .hasSize(99)
        .contains("36|l36|text", "38|l38|text", "99|l99|metadata")
        .noneMatch(line -> line.startsWith("37|"));
    assertThat(
            sql(
                "SELECT time - min(time) OVER () FROM jobs.log_lines('1') WHERE kind <> 'event'"
                    + " ORDER BY line DESC LIMIT 1"))
        .containsExactly("00:00:05");
    assertThat(sql("SELECT text FROM jobs.log_lines('1', ARRAY['stderr']) WHERE kind = 'text'"))
        .containsExactly("fine");
    assertThat(sql("SELECT kind, position, content, sqlstate FROM joblog.quarantine"))
        .containsExactly("line|37|\\x6c0037|22021");
    assertThat(sql("SELECT kind, after_line, message FROM jobs.event"))
        .containsExactly(
            "quarantine|37|[joblog: the database refused 1 value of the output; they are in"
                + " quarantine]");
    assertThat(store.openStream(job.jobKey(), stdout(0)).offset()).isEqualTo(400);
  }

  @Test
  void manyBadLinesAreToldByOneEvent() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    var first = chunk(0, POISON, new int[] {1}, new long[] {0}, List.of());
    var second = chunk(1, NOT_UTF8, new int[] {1}, new long[] {0}, List.of());
    store.commit(batch(job.jobKey(), chunks(stream, 9, first, second, chunk(2, "ok"))));

    assertThat(sql("SELECT details FROM jobs.event"))
        .containsExactly("{\"values\": 2, \"sqlstate\": \"22021\"}");
    assertThat(sql("SELECT text FROM jobs.log_lines('1') WHERE kind = 'text'"))
        .containsExactly("ok");
  }

  @Test
  void aScreenIsSetAsideAndTheOffsetMovesOn() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    var poison = chunk(0, POISON, new int[] {1}, new long[] {0}, List.of());

    CommitOutcome outcome =
        store.commit(batch(job.jobKey(), screen(stream, 9, 0, new Screen(poison, 1, null))));

    assertThat(outcome.quarantined()).containsExactly(stream.streamKey());
    assertThat(sql("SELECT kind, content FROM joblog.quarantine"))
        .containsExactly("screen|\\x6261640021");
    assertThat(store.openStream(job.jobKey(), stdout(0)).offset()).isEqualTo(9);
  }

  @Test
  void anEventAndARecordAreSetAsideAlone() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    JobBatch mixed =
        new JobBatch(
            job.jobKey(),
            null,
            null,
            List.of(
                event(stream.streamKey(), 0, "first"),
                event(stream.streamKey(), 0, "nul\0"),
                new Event(Samples.NOON, 0, 0, EventKind.GAP, "json", "{no json"),
                event(stream.streamKey(), 0, "last")),
            List.of(
                record(stream, 0, "{\"a\":1}"),
                record(stream, 1, "{no}"),
                record(stream, 2, "{\"a\":2}")),
            KeyNews.NONE,
            List.of(chunks(stream, 5, chunk(0, "line"))));

    store.commit(new Batch(List.of(mixed)));

    assertThat(sql("SELECT message FROM jobs.event WHERE kind = 'gap' ORDER BY event_key"))
        .containsExactly("first", "last");
    assertThat(sql("SELECT count(*) FROM joblog.quarantine WHERE kind = 'event'"))
        .containsExactly("2");
    assertThat(sql("SELECT position, content FROM joblog.quarantine WHERE kind = 'record'"))
        .containsExactly("1|\\x7b6e6f7d");
    assertThat(store.openJob(Samples.job("1")).nextRecord()).isEqualTo(3);
  }

  @Test
  void statisticsDoNotDependOnARecordThatIsRefused() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    KeyTable keys = new KeyTable(MetadataLimits.DEFAULT, List.of());
    print(job, stream, keys, 0, "{\"a\":1}", "{\"a\":1}");
    print(job, stream, keys, 1, "{\"a\":2}", "{no}");

    assertThat(sql("SELECT key, count, last_value FROM jobs.metadata_keys('1')"))
        .containsExactly("a|2|2");
    assertThat(store.openJob(Samples.job("1")).statistics())
        .singleElement()
        .extracting(KeyStatistics::count)
        .isEqualTo(2L);
  }

  /** Commits a record that was read as one text and is stored as another. */
  private void print(
      OpenedJob job, OpenedStream stream, KeyTable keys, long sequence, String... texts)
      throws Exception {
    byte[] bytes = texts[0].getBytes(StandardCharsets.UTF_8);
    keys.accept(
        sequence,
        Samples.NOON,
        new RecordReader(MetadataLimits.DEFAULT).read(bytes, 0, bytes.length).orElseThrow());
    store.commit(
        new Batch(
            List.of(
                new JobBatch(
                    job.jobKey(),
                    null,
                    null,
                    List.of(),
                    List.of(record(stream, sequence, texts[1])),
                    keys.takeNews(),
                    List.of()))));
  }

  private static MetadataRecord record(OpenedStream stream, long sequence, String json) {
    return new MetadataRecord(
        sequence, Samples.NOON, stream.streamKey(), sequence, json, List.of());
  }

  @Test
  void whatWasRefusedIsNotQuotedInErrors() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    JobBatch secret =
        new JobBatch(
            job.jobKey(),
            null,
            null,
            List.of(),
            List.of(record(stream, 0, "{\"password\": hunter2}")),
            KeyNews.NONE,
            List.of());

    store.commit(new Batch(List.of(secret)));

    assertThat(sql("SELECT error FROM joblog.quarantine"))
        .hasSize(1)
        .noneMatch(error -> error.contains("hunter2"));
  }
}
