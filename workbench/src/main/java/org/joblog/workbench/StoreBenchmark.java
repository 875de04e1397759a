package org.joblog.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.BatchLimits;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.ingest.store.OpenedStream;
import org.joblog.ingest.store.PostgresStore;
import org.joblog.ingest.store.StoreLimits;
import org.joblog.ingest.store.StoreUnavailable;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.ingest.store.UpkeepLimits;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.options.JobOptions;

/**
 * What the store costs, as ratios to a table with a row per line and primary key (job, line) that
 * is filled by COPY, 10,000 rows a commit, in the same run. Commits are durable. Confined to one
 * thread.
 *
 * <p>Run it by {@code ./joblog bench-store [lines [host:port]]}; results are in docs/benchmarks.md.
 */
public final class StoreBenchmark {

  private static final int DEFAULT_LINES = 2_000_000;

  private static final String USAGE =
      """
      joblog bench-store [LINES [HOST:PORT]]
        LINES      lines of each measurement, default %d
        HOST:PORT  a PostgreSQL with a superuser "postgres", who and the roles of joblog need no
                   password; else one of its own, installed or embedded
      """
          .formatted(DEFAULT_LINES);
  private static final int WARM_UP_LINES = 200_000;

  private final BenchmarkDatabase database;
  private final PostgresStore store;
  private final BenchmarkLines source = new BenchmarkLines();
  private int jobs;

  private StoreBenchmark(BenchmarkDatabase database, PostgresStore store) {
    this.database = database;
    this.store = store;
  }

  /** Prints the table. */
  public static void main(String[] words) throws IOException, SQLException, StoreUnavailable {
    BenchmarkArguments arguments = BenchmarkArguments.of(words, DEFAULT_LINES, USAGE);
    try (BenchmarkDatabase database = arguments.database(Path.of("target/bench-store"));
        PostgresStore store =
            PostgresStore.open(
                database
                    .writer()
                    .with(
                        StoreLimits.DEFAULT.withUpkeep(
                            UpkeepLimits.DEFAULT.withCompactionQuiet(Duration.ZERO))),
                InstantSource.system())) {
      new StoreBenchmark(database, store).run(arguments.count());
    }
  }

  private void run(int lines) throws SQLException, StoreUnavailable {
    database.createRowTable("rows");
    database.copyRows("rows", source, WARM_UP_LINES);
    database.createRowTable("rows");
    ingest(1, 10_000, WARM_UP_LINES);
    System.out.printf(
        "%-42s %10s %6s %12s %6s %8s %8s%n",
        "", "lines/s", "ratio", "CPU us/line", "ratio", "B/line", "WAL/line");
    Measurement rows =
        database.measure(List.of("rows"), lines, () -> database.copyRows("rows", source, lines));
    print("a row per line, COPY, 10,000 a commit", rows, rows);
    for (int streams : new int[] {1, 100, 1_000}) {
      print(
          "store, 10,000 lines a commit, " + streams + " streams",
          ingest(streams, 10_000, lines),
          rows);
    }
    print("store, 1,000 lines a commit, 100 streams", ingest(100, 1_000, lines / 4), rows);
    slowJobs(lines / 10, rows);
    screens();
    new StoreReading(database).print("b1");
  }

  /**
   * Jobs of one stream each would measure openings: one job has all streams, as with many tasks.
   */
  private Measurement ingest(int streams, int linesPerCommit, int lines)
      throws SQLException, StoreUnavailable {
    OpenedJob job = openJob();
    List<BenchmarkStream> writers = new ArrayList<>();
    for (int task = 0; task < streams; task++) {
      OpenedStream stream =
          store.openStream(
              job.jobKey(), new StreamIdentity(0, "node1", task, StreamKind.STDOUT, task));
      writers.add(new BenchmarkStream(stream, BatchLimits.DEFAULT));
    }
    return database.measure(
        List.of("joblog.chunk"),
        lines,
        () -> {
          for (int written = 0; written < lines; written += linesPerCommit) {
            commit(job, writers, linesPerCommit / streams);
          }
        });
  }

  private void commit(OpenedJob job, List<BenchmarkStream> writers, int linesEach)
      throws StoreUnavailable {
    List<StreamBatch> streams = new ArrayList<>(writers.size());
    for (BenchmarkStream writer : writers) {
      streams.add(writer.print(source, linesEach));
    }
    commit(job, streams);
  }

  private void commit(OpenedJob job, List<StreamBatch> streams) throws StoreUnavailable {
    store.commit(
        new Batch(
            List.of(
                new JobBatch(
                    job.jobKey(), null, null, List.of(), List.of(), KeyNews.NONE, streams))));
  }

  private OpenedJob openJob() throws StoreUnavailable {
    jobs++;
    return store.openJob(
        new JobFacts("bench", "b" + jobs, 0, "ada", 1000, "bench", 0, JobOptions.DEFAULT));
  }

  /**
   * Many small chunks, as streams leave that end or are taken over after few lines; then joined.
   */
  private void slowJobs(int lines, Measurement rows) throws SQLException, StoreUnavailable {
    OpenedJob job = openJob();
    OpenedStream stream =
        store.openStream(job.jobKey(), new StreamIdentity(0, "node1", 0, StreamKind.STDOUT, 0));
    BenchmarkStream writer = new BenchmarkStream(stream, BatchLimits.DEFAULT);
    Measurement small =
        database.measure(
            List.of("joblog.chunk"),
            lines,
            () -> {
              for (int written = 0; written < lines; written += 5_000) {
                commit(job, List.of(writer.printSmallChunks(source, 5_000, 5)));
              }
            });
    print("store, chunks of 5 lines", small, rows);
    commit(job, List.of(writer.end()));
    // Only this stream is to be measured.
    database.execute("DELETE FROM joblog.compaction WHERE job_key <> " + job.jobKey());
    long chunksBefore = database.number("SELECT count(*) FROM joblog.chunk");
    long start = System.nanoTime();
    store.maintain();
    double seconds = (System.nanoTime() - start) / 1e9;
    database.execute("VACUUM FULL joblog.chunk");
    long chunks = chunksBefore - database.number("SELECT count(*) FROM joblog.chunk");
    System.out.printf(
        "  joined: %,d chunks fewer, %,.0f lines/s, then %.0f B/line of all that is stored%n",
        chunks, lines / seconds, database.bytesPerStoredLine());
  }

  /** What a refresh of the screens of live streams costs: no line becomes final. */
  private void screens() throws SQLException, StoreUnavailable {
    OpenedJob job = openJob();
    List<BenchmarkStream> writers = new ArrayList<>();
    for (int task = 0; task < 1_000; task++) {
      OpenedStream stream =
          store.openStream(
              job.jobKey(), new StreamIdentity(0, "node1", task, StreamKind.STDERR, task));
      writers.add(new BenchmarkStream(stream, BatchLimits.DEFAULT));
    }
    int rounds = 60;
    long[] hotBefore = database.updatesOfStreams();
    Measurement refreshes =
        database.measure(
            List.of("joblog.stream"),
            (long) rounds * writers.size(),
            () -> {
              for (int round = 0; round < rounds; round++) {
                List<StreamBatch> streams = new ArrayList<>();
                for (BenchmarkStream writer : writers) {
                  streams.add(writer.rewriteScreen(source, 3));
                }
                commit(job, streams);
              }
            });
    long[] hotAfter = database.updatesOfStreams();
    System.out.printf(
        "screens of 3 lines, 1,000 a commit: %,.0f refreshes/s, %.0f B WAL each, %.1f %% HOT%n",
        refreshes.perSecond(),
        refreshes.walBytesEach(),
        100.0 * (hotAfter[1] - hotBefore[1]) / (hotAfter[0] - hotBefore[0]));
  }

  private static void print(String name, Measurement measured, Measurement reference) {
    System.out.printf(
        "%-42s %,10.0f %6.1f %12.2f %6.1f %8.0f %8.0f%n",
        name,
        measured.perSecond(),
        measured.perSecond() / reference.perSecond(),
        measured.cpuMicrosEach(),
        reference.cpuMicrosEach() / measured.cpuMicrosEach(),
        measured.diskBytesEach(),
        measured.walBytesEach());
  }
}
