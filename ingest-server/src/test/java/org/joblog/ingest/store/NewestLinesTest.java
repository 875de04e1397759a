package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joblog.ingest.store.Samples.batch;
import static org.joblog.ingest.store.Samples.bytes;
import static org.joblog.ingest.store.Samples.chunk;
import static org.joblog.ingest.store.Samples.chunks;
import static org.joblog.ingest.store.Samples.screen;
import static org.joblog.ingest.store.Samples.stdout;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.Mark;
import org.joblog.ingest.batch.Screen;
import org.joblog.schema.log.LineKind;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The newest lines of many tasks, found by the ends of blocks, are those that unpacking everything
 * finds: also where clocks step back, where a screen hides a part of its block, and where many
 * lines have one time.
 */
class NewestLinesTest {

  private static final String EVERYTHING =
      """
      SELECT "time", stream_key, line, text, body, kind, repeats FROM (
        SELECT l.at AS "time", b.stream_key, l.line, l.text, coalesce(l.ansi, l.text) AS body,
          CASE l.kind WHEN 0 THEN 'text' ELSE 'repeat' END AS kind, l.repeats
        FROM jobs.block b CROSS JOIN LATERAL jobs.expand(
          b.first_line, b.from_line, b.to_line, b.first_at, b.body, b.run_lines, b.run_micros,
          b.mark_index, b.mark_kind, b.mark_repeats, b.mark_first_at, b.mark_last_at, b.mark_cut,
          b.mark_ansi) l
        WHERE b.to_line > b.from_line %s
        ORDER BY l.at DESC, b.stream_key DESC, l.line DESC LIMIT %d
      ) newest
      ORDER BY "time", stream_key, line
      """;

  private static final String ASKED =
      "SELECT \"time\", stream_key, line, text, body, kind, repeats"
          + " FROM jobs.log_lines('1', newest => %d%s)";

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theyAreThoseThatUnpackingEverythingFinds(long seed) throws Exception {
    fill(new Random(seed), seed % 2 == 0);

    for (int n : new int[] {0, 1, 10, 60, 300, 10_000}) {
      assertThat(Rows.of(postgres, ASKED.formatted(n, "")))
          .as("newest %d", n)
          .isEqualTo(Rows.of(postgres, EVERYTHING.formatted("", n)));
      assertThat(Rows.of(postgres, ASKED.formatted(n, ", until => " + time(200))))
          .as("newest %d until then", n)
          .isEqualTo(Rows.of(postgres, EVERYTHING.formatted("AND l.at <= " + time(200), n)));
    }
  }

  private static String time(int second) {
    return "to_timestamp(%d)".formatted(Samples.NOON / 1_000_000 + second);
  }

  /** Forty tasks that print at the same time. */
  private void fill(Random random, boolean clocksStepBack) throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    for (int task = 0; task < 40; task++) {
      OpenedStream stream = store.openStream(job.jobKey(), stdout(task));
      Chunk first = block(random, 0, clocksStepBack);
      Chunk second = block(random, first.lines(), clocksStepBack);
      int end = first.lines() + second.lines();
      store.commit(batch(job.jobKey(), chunks(stream, 1, first, second)));
      if (random.nextBoolean()) {
        // Some of the base are in the scrollback, some are not true any more.
        long begin = end - random.nextInt(second.lines());
        Chunk base = block(random, begin, clocksStepBack);
        int keep = random.nextInt(base.lines() + 1);
        Chunk tail = random.nextBoolean() ? block(random, begin + keep, clocksStepBack) : null;
        Screen shown = new Screen(base, keep, tail);
        store.commit(batch(job.jobKey(), screen(stream, 2, end, shown)));
      }
    }
  }

  private static Chunk block(Random random, long firstLine, boolean clocksStepBack) {
    int[] runs = random.ints(1 + random.nextInt(60), 1, 4).toArray();
    long[] micros = random.longs(runs.length, 0, 100).map(second -> second * 1_000_000).toArray();
    if (!clocksStepBack) {
      Arrays.sort(micros);
    }
    int count = Arrays.stream(runs).sum();
    List<String> lines = new ArrayList<>();
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(random.nextInt(5) == 0 ? "" : "line " + (firstLine + i));
      if (random.nextInt(6) == 0) {
        marks.add(new Mark(i, LineKind.REPEAT, i, Samples.NOON, Samples.NOON + 1, 0, "ansi " + i));
      }
    }
    return chunk(firstLine, bytes(String.join("\n", lines)), runs, micros, marks);
  }
}
