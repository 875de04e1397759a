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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.Screen;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What readers get from the functions of the schema "jobs", and what it costs. */
class LogFunctionsTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  private List<String> sql(String sql, Object... parameters) throws SQLException {
    return Rows.of(postgres, sql, parameters);
  }

  @Test
  void columnsAreReadyForALogsPanel() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(3));
    store.commit(batch(job.jobKey(), chunks(stream, 1, chunk(0, "hello"))));

    assertThat(sql("SELECT time, body, level, id, \"tsNs\", labels FROM jobs.log_lines('1')"))
        .containsExactly(
            "2026-11-22 12:00:00+00|hello|info|%d:%d:0|1795348800000000000|"
                    .formatted(job.jobKey(), stream.streamKey())
                + "{\"kind\": \"text\", \"line\": 0, \"node\": \"node1\", \"step\": \"0\","
                + " \"task\": 3, \"stream\": \"stdout\"}");
  }

  @Test
  void linesOfOneMomentKeepTheirOrderInNanoseconds() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    byte[] burst =
        bytes(String.join("\n", IntStream.range(0, 1500).mapToObj(i -> "b" + i).toList()));
    store.commit(
        batch(
            job.jobKey(),
            chunks(stream, 1, chunk(0, burst, new int[] {1500}, new long[] {0}, List.of()))));

    assertThat(
            sql("SELECT body FROM jobs.log_lines('1', newest => 1500) ORDER BY \"tsNs\"::bigint"))
        .isEqualTo(IntStream.range(0, 1500).mapToObj(i -> "b" + i).toList());
  }

  @Test
  void onlyStdoutIsShownUnlessAskedAndCombinedCountsAsStdout() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream out = store.openStream(job.jobKey(), stdout(0));
    OpenedStream err = store.openStream(job.jobKey(), stderr(0));
    OpenedStream both =
        store.openStream(
            job.jobKey(), new StreamIdentity(4294967291L, "node2", 0, StreamKind.COMBINED, 0));
    store.commit(
        batch(
            job.jobKey(),
            chunks(out, 1, chunk(0, "out")),
            chunks(err, 1, chunk(1, "err")),
            chunks(both, 1, chunk(2, "both"))));

    String all = "SELECT body, stream, level FROM jobs.log_lines('1', ARRAY['stdout','stderr'])";
    assertThat(sql("SELECT body FROM jobs.log_lines('1')")).containsExactly("out", "both");
    assertThat(sql(all))
        .containsExactly("out|stdout|info", "err|stderr|error", "both|combined|info");
    assertThat(sql("SELECT body FROM jobs.log_lines('1', ARRAY['stderr'])")).containsExactly("err");
    assertThat(sql("SELECT body FROM jobs.log_lines('1', node => 'node2')"))
        .containsExactly("both");
    assertThat(sql("SELECT body FROM jobs.log_lines('1', step => 'batch')"))
        .containsExactly("both");
    assertThat(sql("SELECT body FROM jobs.log_lines('1', task => 9)")).isEmpty();
  }

  @Test
  void eventsStandAtTheirPlacesInTheLog() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    store.commit(
        batch(
            job.jobKey(),
            List.of(event(stream.streamKey(), 1, "gap"), event(0, 2, "slowed")),
            chunks(stream, 1, chunk(0, "a", "b", "c"))));

    assertThat(sql("SELECT body, kind, stream FROM jobs.log_lines('1')"))
        .containsExactly(
            "a|text|stdout",
            "gap|event|stdout",
            "b|text|stdout",
            "slowed|event|joblog",
            "c|text|stdout");
    assertThat(sql("SELECT message, stream_key IS NULL, in_log FROM jobs.events('1')"))
        .containsExactly("slowed|t|t", "gap|f|t");
    assertThat(sql("SELECT jobs.log_text('1')")).containsExactly("a\ngap\nb\nslowed\nc\n");
  }

  @Test
  void newestRangeAndSearchAgreeWithAModel() throws Exception {
    Random random = new Random(7);
    OpenedJob job = store.openJob(Samples.job("1"));
    List<String> model = new ArrayList<>();
    for (int task = 0; task < 5; task++) {
      OpenedStream stream = store.openStream(job.jobKey(), stdout(task));
      int line = 0;
      while (line < 120) {
        String[] lines = new String[1 + random.nextInt(20)];
        for (int i = 0; i < lines.length; i++) {
          lines[i] =
              "Loss%d_%d \\ %s".formatted(task, line + i, random.nextInt(7) == 0 ? "É!" : "");
          model.add("%09d|%s".formatted(line + i, lines[i]));
        }
        Chunk chunk = chunk(line, lines);
        boolean last = line + lines.length >= 120;
        store.commit(
            batch(
                job.jobKey(),
                last
                    ? screen(stream, line + 1, line, new Screen(chunk, lines.length, null))
                    : chunks(stream, line + 1, chunk)));
        line += lines.length;
      }
    }
    model.sort(null);

    for (int n : new int[] {0, 1, 7, 100, 10_000}) {
      assertThat(bodies("newest => " + n)).isEqualTo(newest(model, n));
      assertThat(
              bodies(
                  "newest => "
                      + n
                      + ", since => 'epoch'::timestamptz + 1795348830 * '1 s'::interval,"
                      + " until => 'epoch'::timestamptz + 1795348860 * '1 s'::interval"))
          .isEqualTo(
              newest(
                  model.stream()
                      .filter(x -> x.compareTo("000000030|") >= 0 && x.compareTo("000000061|") < 0)
                      .toList(),
                  n));
      assertThat(bodies("newest => " + n + ", search => 'lOSs3_1'"))
          .isEqualTo(newest(model.stream().filter(x -> x.contains("Loss3_1")).toList(), n));
      assertThat(bodies("newest => " + n + ", search => 'é'"))
          .isEqualTo(newest(model.stream().filter(x -> x.contains("É")).toList(), n));
      assertThat(bodies("newest => " + n + ", search => '_1 \\'"))
          .isEqualTo(newest(model.stream().filter(x -> x.contains("_1 \\")).toList(), n));
    }
  }

  private List<String> bodies(String arguments) throws SQLException {
    return sql("SELECT body FROM jobs.log_lines('1', " + arguments + ")").stream()
        .sorted()
        .toList();
  }

  private static List<String> newest(List<String> model, int n) {
    // Lines of one moment are of different streams, in the order of their tasks.
    return model.subList(Math.max(0, model.size() - n), model.size()).stream()
        .map(line -> line.substring(10))
        .sorted()
        .toList();
  }

  @Test
  void pagesOfAStreamAreExact() throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    store.commit(
        batch(job.jobKey(), chunks(stream, 1, chunk(0, "0", "1", "2"), chunk(3, "3", "4"))));
    store.commit(
        batch(
            job.jobKey(),
            screen(stream, 2, 5, new Screen(chunk(5, "5", "6"), 1, chunk(6, "six")))));

    String page = "SELECT line, text FROM jobs.stream_lines('1', ?, ?, ?)";
    assertThat(sql(page, stream.streamKey(), 2L, 2)).containsExactly("2|2", "3|3");
    assertThat(sql(page, stream.streamKey(), 4L, 99)).containsExactly("4|4", "5|5", "6|six");
    assertThat(sql(page, stream.streamKey(), -5L, 1)).containsExactly("0|0");
    assertThat(sql(page, stream.streamKey(), 7L, 5)).isEmpty();
    assertThat(sql(page, stream.streamKey() + 1, 0L, 5)).isEmpty();
  }

  @Test
  void aJobThatIsNotThereHasNoLines() throws Exception {
    assertThat(sql("SELECT * FROM jobs.log_lines('nobody')")).isEmpty();
    assertThat(sql("SELECT jobs.log_text('nobody')")).containsExactly("");
    assertThat(sql("SELECT * FROM jobs.events('nobody')")).isEmpty();
  }

  @Test
  void theCostOfReadingAJobDoesNotGrowWithOtherJobs() throws Exception {
    OpenedJob job = store.openJob(Samples.job("mine"));
    OpenedStream stream = store.openStream(job.jobKey(), stdout(0));
    for (int i = 0; i < 30; i++) {
      store.commit(
          batch(
              job.jobKey(),
              List.of(event(0, i, "e" + i)),
              chunks(stream, i + 1, chunk(2L * i, "a " + i, "x".repeat(4000)))));
    }
    fillWithOtherJobs();

    for (String query :
        List.of(
            "SELECT * FROM jobs.log_lines('mine', newest => 10)",
            "SELECT * FROM jobs.log_lines('mine', search => 'a 1')",
            "SELECT * FROM jobs.log_lines('mine', until => now() - interval '1 day')",
            "SELECT * FROM jobs.stream_lines('mine', " + stream.streamKey() + ", 5, 5)",
            "SELECT * FROM jobs.events('mine')",
            "SELECT jobs.log_text('mine')",
            "SELECT * FROM jobs.job_list(20)",
            "SELECT * FROM jobs.job_list(20, since => now() - interval '1 hour', states => ARRAY['running'])",
            "SELECT * FROM jobs.job WHERE job_key = jobs.job_key('mine')")) {
      assertThat(pagesTouched(query)).as(query).isLessThan(400);
    }
  }

  /** 3,000 jobs with a stream, chunks and events each: 10,000 pages and more. */
  private void fillWithOtherJobs() throws SQLException {
    postgres.execute(
        """
        INSERT INTO joblog.job (cluster, job, restart, user_name, uid, name, started_at, mode, commands)
        SELECT 'fir', 'other' || g, 0, 'bob', 7, 'n', now() - g * interval '1 minute', 'enabled', true
        FROM generate_series(1, 3000) g;
        INSERT INTO joblog.stream (job_key, step, node, task, kind, source, owner, first_at, last_at,
          scrollback_end, lines, journal)
        SELECT job_key, 0, 'node1', 0, 1, 0, 1, now(), now(), 10, 10, repeat('j', 600)::bytea
        FROM joblog.job WHERE job LIKE 'other%';
        INSERT INTO joblog.chunk (job_key, stream_key, first_line, lines, first_at, last_at, body)
        SELECT s.job_key, s.stream_key, c, 1, now(), now(), repeat(md5(s.job_key::text || c), 30)
        FROM joblog.stream s JOIN joblog.job j USING (job_key), generate_series(0, 9) c
        WHERE j.job LIKE 'other%';
        INSERT INTO joblog.event (job_key, at, stream_key, after_line, kind, message, details)
        SELECT j.job_key, now(), 0, 0, 'gap', 'm', '{}' FROM joblog.job j, generate_series(1, 10);
        ANALYZE joblog.job, joblog.stream, joblog.chunk, joblog.event;
        """);
  }

  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

  private long pagesTouched(String query) throws SQLException {
    try (Connection connection = postgres.connect()) {
      // Once before, so that reading the catalogue does not count.
      Rows.of(connection, query);
      String plan = String.join("\n", Rows.of(connection, "EXPLAIN (ANALYZE, BUFFERS) " + query));
      Matcher first = BUFFERS.matcher(plan);
      assertThat(first.find()).as(plan).isTrue();
      return number(first.group(1)) + number(first.group(2));
    }
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
