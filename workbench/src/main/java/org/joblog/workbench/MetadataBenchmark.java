package org.joblog.workbench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.metadata.KeyTable;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.metadata.RecordReading;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.PostgresStore;
import org.joblog.ingest.store.StoreUnavailable;
import org.joblog.schema.options.JobOptions;

/**
 * Measures the metadata store on a durable PostgreSQL, against one jsonb row a record and one row a
 * point in the same run, and the queries of the dashboards on a job with a million records. Prints
 * tables for docs/benchmarks.md. Confined to the main thread.
 *
 * <p>Run it by {@code ./joblog bench-metadata [records [host:port]]}.
 */
public final class MetadataBenchmark {

  private static final int DEFAULT_RECORDS = 1_000_000;

  private static final String USAGE =
      """
      joblog bench-metadata [RECORDS [HOST:PORT]]
        RECORDS    records of the job that is queried, default %d
        HOST:PORT  a PostgreSQL with a superuser "postgres", who and the roles of joblog need no
                   password; else one of its own, installed or embedded
      """
          .formatted(DEFAULT_RECORDS);

  private static final List<String> JOBLOG =
      List.of("joblog.metadata_block", "joblog.metadata_column", "joblog.metadata_key");

  private static final long NOON = 1_795_348_800_000_000L;
  private static final int SLOW_JOBS = 200;
  private static final int ROUNDS = 5;

  /** A server runs for months: its compiler has done its work. */
  private static final int WARM_UPS = 5;

  private final PrintStream out;
  private final BenchmarkDatabase database;
  private final PostgresStore store;
  private final MetadataBaseline baseline;
  private final RecordReader records = new RecordReader(MetadataLimits.DEFAULT);

  private MetadataBenchmark(PrintStream out, BenchmarkDatabase database, PostgresStore store)
      throws SQLException {
    this.out = out;
    this.database = database;
    this.store = store;
    this.baseline = new MetadataBaseline(database.connection());
  }

  /** Prints the tables. */
  public static void main(String[] words) throws Exception {
    BenchmarkArguments arguments = BenchmarkArguments.of(words, DEFAULT_RECORDS, USAGE);
    try (BenchmarkDatabase database = arguments.database(Path.of("target/bench-metadata"));
        PostgresStore store = PostgresStore.open(database.writer(), InstantSource.system())) {
      new MetadataBenchmark(System.out, database, store).run(arguments.count());
    }
  }

  private void run(int count) throws Exception {
    int rows = Math.max(count / 50, 10_000);
    for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
      baseline.write(lines(0, rows), 1000);
      commitAll(batches(job("warm1." + warmUp), rows, 1000));
      commitAll(batches(job("warm2." + warmUp), rows, 100));
    }
    out.printf(
        "%-46s %10s %6s %12s %6s %8s %8s%n",
        "records of 10 numbers, commits durable",
        "records/s",
        "ratio",
        "CPU us/rec",
        "ratio",
        "B/rec",
        "WAL/rec");
    for (int commit : new int[] {100, 1000, 10_000}) {
      Rounds plain = new Rounds();
      Rounds joblog = new Rounds();
      for (int round = 0; round < ROUNDS; round++) {
        List<String> lines = lines(0, rows);
        plain.add(
            database.measure(MetadataBaseline.TABLES, rows, () -> baseline.write(lines, commit)));
        List<Batch> batches = batches(job("fast" + commit + "." + round), rows, commit);
        joblog.add(database.measure(JOBLOG, rows, () -> commitAll(batches)));
      }
      print("jsonb and point rows, commits of " + commit, plain, plain);
      print("joblog, commits of " + commit, joblog, plain);
    }
    slowJobs();
    reading(rows);
    commitAll(batches(job("large"), count, 10_000));
    commitAll(batches(job("small-commits"), count, 100));
    commitAll(batches(job("restarted"), count, 10_000, i -> i < count / 2 ? i : i - count / 5));
    commitAll(batches(job("two-passes"), count, 10_000, i -> i % (count / 2)));
    try (Connection reader = database.connectAsReader()) {
      new MetadataReading(out, reader).print(count);
    }
  }

  private void reading(int rows) {
    long begin = System.nanoTime();
    batches(-1, rows, 1000);
    out.printf(
        Locale.ROOT,
        "%-46s %10.0f%n",
        "reading JSON and keeping statistics, no database",
        rows / ((System.nanoTime() - begin) / 1e9));
  }

  /** Many jobs with one record each in every commit. */
  private void slowJobs() throws Exception {
    int commits = 100;
    Rounds plain = new Rounds();
    Rounds joblog = new Rounds();
    for (int round = 0; round < ROUNDS; round++) {
      int rows = commits * SLOW_JOBS;
      List<String> lines = lines(0, rows);
      plain.add(
          database.measure(MetadataBaseline.TABLES, rows, () -> baseline.write(lines, SLOW_JOBS)));
      List<Batch> batches = together(round, commits);
      joblog.add(database.measure(JOBLOG, rows, () -> commitAll(batches)));
    }
    print("jsonb and point rows, commits of " + SLOW_JOBS, plain, plain);
    print("joblog, " + SLOW_JOBS + " jobs with one record a commit", joblog, plain);
  }

  private List<Batch> together(int round, int commits) throws StoreUnavailable {
    List<List<Batch>> jobs = new ArrayList<>();
    for (int i = 0; i < SLOW_JOBS; i++) {
      jobs.add(batches(job("slow" + round + "." + i), commits, 1));
    }
    List<Batch> batches = new ArrayList<>();
    for (int commit = 0; commit < commits; commit++) {
      List<JobBatch> together = new ArrayList<>();
      for (List<Batch> job : jobs) {
        together.addAll(job.get(commit).jobs());
      }
      batches.add(new Batch(together));
    }
    return batches;
  }

  private void print(String name, Rounds rounds, Rounds reference) {
    out.printf(
        Locale.ROOT,
        "%-46s %10.0f %6.1f %12.2f %6.1f %8.0f %8.0f%n",
        name,
        rounds.median(Measurement::perSecond),
        rounds.median(Measurement::perSecond) / reference.median(Measurement::perSecond),
        rounds.median(Measurement::cpuMicrosEach),
        reference.median(Measurement::cpuMicrosEach) / rounds.median(Measurement::cpuMicrosEach),
        rounds.median(Measurement::diskBytesEach),
        rounds.median(Measurement::walBytesEach));
  }

  /** Measurements of the same, of which the median counts. */
  private static final class Rounds {

    private final List<Measurement> measurements = new ArrayList<>();

    void add(Measurement measurement) {
      measurements.add(measurement);
    }

    double median(ToDoubleFunction<Measurement> figure) {
      return measurements.stream().mapToDouble(figure).sorted().toArray()[measurements.size() / 2];
    }
  }

  private void commitAll(List<Batch> batches) throws StoreUnavailable {
    for (Batch batch : batches) {
      store.commit(batch);
    }
  }

  private long job(String id) throws StoreUnavailable {
    JobFacts facts = new JobFacts("bench", id, 0, "ada", 1000, "bench", NOON, JobOptions.DEFAULT);
    return store.openJob(facts).jobKey();
  }

  /** The commits of one job. */
  private List<Batch> batches(long job, int count, int commit) {
    return batches(job, count, commit, IntUnaryOperator.identity());
  }

  private List<Batch> batches(long job, int count, int commit, IntUnaryOperator step) {
    KeyTable keys = new KeyTable(MetadataLimits.DEFAULT, List.of());
    List<Batch> batches = new ArrayList<>();
    for (int begin = 0; begin < count; begin += commit) {
      List<MetadataRecord> written = new ArrayList<>();
      for (String line : lines(begin, Math.min(commit, count - begin), step)) {
        byte[] bytes = line.getBytes(UTF_8);
        long sequence = (long) begin + written.size();
        long at = NOON + sequence * 100_000;
        RecordReading reading = records.read(bytes, 0, bytes.length).orElseThrow();
        written.add(
            new MetadataRecord(
                sequence, at, 1, -1, reading.json(), keys.accept(sequence, at, reading)));
      }
      batches.add(
          new Batch(
              List.of(
                  new JobBatch(job, null, null, List.of(), written, keys.takeNews(), List.of()))));
    }
    return batches;
  }

  private static List<String> lines(int begin, int count) {
    return lines(begin, count, IntUnaryOperator.identity());
  }

  /** What a training prints: ten numbers a line, about 190 bytes. */
  private static List<String> lines(int begin, int count, IntUnaryOperator step) {
    List<String> lines = new ArrayList<>(count);
    for (int i = begin; i < begin + count; i++) {
      double noise = (i * 0.618033988749895) % 1;
      lines.add(
          "{\"step\": %d, \"epoch\": %d, \"loss\": %s, \"acc\": %s, \"lr\": %s, \"grad_norm\": %s, "
                  .formatted(
                      step.applyAsInt(i),
                      i / 2500,
                      2 + noise,
                      noise,
                      1e-3 / (1 + i),
                      1 / (1 + noise))
              + "\"tokens\": %d, \"time\": %s, \"rank_step\": %d, \"speed\": %s}"
                  .formatted(i * 4096L, i * 0.1, i / 8, 1000 * noise));
    }
    return lines;
  }
}
