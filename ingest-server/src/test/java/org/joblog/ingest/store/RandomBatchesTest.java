package org.joblog.ingest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joblog.ingest.store.Samples.bytes;
import static org.joblog.ingest.store.Samples.chunk;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.metadata.KeyNews;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random batches of several jobs and streams, taken over again and again, against a model of what
 * viewers must see: all lines of a stream in a list.
 */
class RandomBatchesTest {

  @AutoClose private final TestPostgres postgres = TestPostgres.create();

  @AutoClose
  private final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());

  @AutoClose private final Connection reader = TestPostgres.connect(postgres.reader());

  RandomBatchesTest() throws SQLException {}

  /** One stream as it should be. */
  private static final class Model {
    final long jobKey;
    final StreamIdentity identity;
    OpenedStream opened;
    byte[] checkpoint;
    byte[] journal = {};
    long offset;
    final List<String> lines = new ArrayList<>();
    int scrollbackEnd;
    int baseFirst;
    int baseEnd;

    Model(long jobKey, StreamIdentity identity, OpenedStream opened) {
      this.jobKey = jobKey;
      this.identity = identity;
      this.opened = opened;
    }

    /** Commits that change lines, screen, checkpoint and offset in every way the lane can. */
    StreamBatch change(Random random) {
      List<String> scrollback = new ArrayList<>(lines.subList(0, scrollbackEnd));
      List<String> open = new ArrayList<>(lines.subList(scrollbackEnd, lines.size()));
      int same = open.isEmpty() ? 0 : random.nextInt(open.size() + 1);
      while (open.size() > same) {
        open.removeLast();
      }
      IntStream.range(0, random.nextInt(8)).forEach(i -> open.add(line(random)));
      int moved = random.nextInt(open.size() + 1);
      List<Chunk> chunks = new ArrayList<>();
      for (int at = 0; at < moved; ) {
        int length = 1 + random.nextInt(moved - at);
        chunks.add(chunk(scrollbackEnd + at, open.subList(at, at + length).toArray(String[]::new)));
        at += length;
      }
      int kept = scrollbackEnd + same;
      scrollback.addAll(open.subList(0, moved));
      lines.clear();
      lines.addAll(scrollback);
      lines.addAll(open.subList(moved, open.size()));
      scrollbackEnd = scrollback.size();
      Screen screen = screen(random, kept);
      offset += 1 + random.nextInt(1000);
      journal = new byte[random.nextInt(20)];
      random.nextBytes(journal);
      byte[] whole = random.nextBoolean() ? null : new byte[random.nextInt(4000)];
      if (whole != null) {
        random.nextBytes(whole);
        checkpoint = whole;
      }
      return new StreamBatch(
          opened.streamKey(),
          opened.owner(),
          offset,
          whole,
          journal,
          scrollbackEnd,
          chunks,
          screen,
          offset,
          false);
    }

    private Screen screen(Random random, int kept) {
      int end = lines.size();
      if (scrollbackEnd == end) {
        return Screen.EMPTY;
      }
      // What once differed is not of the base any more, even if it comes back.
      baseEnd = Math.min(kept, baseEnd);
      int known = baseEnd;
      if (baseFirst <= scrollbackEnd && scrollbackEnd < known && random.nextInt(4) > 0) {
        return new Screen(null, known - baseFirst, part(known, end));
      }
      baseFirst = scrollbackEnd;
      baseEnd = scrollbackEnd + 1 + random.nextInt(end - scrollbackEnd);
      return new Screen(part(baseFirst, baseEnd), baseEnd - baseFirst, part(baseEnd, end));
    }

    private Chunk part(int from, int to) {
      return from == to ? null : chunk(from, lines.subList(from, to).toArray(String[]::new));
    }

    private static String line(Random random) {
      String[] words = {"", "loss", "α→∞", "\"'\\", "{}", "\t", "%_", "epoch 😀", "x".repeat(500)};
      return words[random.nextInt(words.length)] + random.nextInt(10);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void viewersSeeWhatWasCommittedAndAnOwnerGoesOnWhereItWas(long seed) throws Exception {
    Random random = new Random(seed);
    List<Model> models = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      OpenedJob job = store.openJob(Samples.job("j" + i % 3));
      StreamIdentity identity = i < 3 ? Samples.stdout(0) : Samples.stdout(1);
      models.add(new Model(job.jobKey(), identity, store.openStream(job.jobKey(), identity)));
    }
    for (int round = 0; round < 40; round++) {
      commitSome(models, random);
      Model taken = models.get(random.nextInt(models.size()));
      if (random.nextInt(5) == 0) {
        takeOver(taken);
      }
      Model looked = models.get(random.nextInt(models.size()));
      assertThat(shown(looked)).as("seed %d, round %d", seed, round).isEqualTo(looked.lines);
    }
    store.maintain();
    for (Model model : models) {
      assertThat(shown(model)).as("seed %d, at the end", seed).isEqualTo(model.lines);
    }
  }

  private void commitSome(List<Model> models, Random random) throws StoreUnavailable {
    List<JobBatch> jobs = new ArrayList<>();
    for (long jobKey : models.stream().mapToLong(model -> model.jobKey).distinct().toArray()) {
      List<StreamBatch> streams =
          models.stream()
              .filter(model -> model.jobKey == jobKey && random.nextInt(3) > 0)
              .map(model -> model.change(random))
              .toList();
      jobs.add(new JobBatch(jobKey, null, null, List.of(), List.of(), KeyNews.NONE, streams));
    }
    assertThat(store.commit(new Batch(jobs))).isEqualTo(CommitOutcome.ALL_WRITTEN);
  }

  private void takeOver(Model model) throws StoreUnavailable {
    model.opened = store.openStream(model.jobKey, model.identity);
    assertThat(model.opened.offset()).isEqualTo(model.offset);
    assertThat(model.opened.checkpoint()).isEqualTo(model.checkpoint);
    assertThat(model.opened.journal()).isEqualTo(model.journal);
    assertThat(model.opened.scrollbackEnd()).isEqualTo(model.scrollbackEnd);
  }

  private List<String> shown(Model model) throws Exception {
    List<String> byNumber =
        Rows.of(
            reader,
            "SELECT text FROM jobs.stream_lines(?, ?)",
            "key:" + model.jobKey,
            model.opened.streamKey());
    assertThat(
            Rows.of(
                reader,
                "SELECT text FROM jobs.log_lines(?, task => ?)",
                "key:" + model.jobKey,
                model.identity.task()))
        .isEqualTo(byNumber);
    return byNumber;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\n\n", "a\n", "\na", "", "a\n\nb"})
  void emptyLinesKeepTheirPlaces(String text) throws Exception {
    OpenedJob job = store.openJob(Samples.job("1"));
    OpenedStream stream = store.openStream(job.jobKey(), Samples.stdout(0));
    List<String> lines = List.of(text.split("\n", -1));
    Chunk chunk = chunk(0, bytes(text), new int[] {lines.size()}, new long[] {0}, List.of());
    store.commit(Samples.batch(job.jobKey(), Samples.chunks(stream, 9, chunk)));

    assertThat(Rows.of(postgres, "SELECT text FROM jobs.stream_lines('1', ?)", stream.streamKey()))
        .isEqualTo(lines);
    store.commit(
        Samples.batch(
            job.jobKey(),
            Samples.screen(
                stream,
                10,
                lines.size(),
                new Screen(chunk(lines.size(), text.split("\n", -1)), lines.size(), null))));
    assertThat(Rows.of(postgres, "SELECT text FROM jobs.stream_lines('1', ?)", stream.streamKey()))
        .hasSize(2 * lines.size());
  }
}
