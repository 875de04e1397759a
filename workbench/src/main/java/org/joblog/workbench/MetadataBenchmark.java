package org.joblog.workbench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
 * Measures the metadata store on a durable PostgreSQL of its own, against one jsonb row a record
 * and one row a point in the same run, and the queries of the dashboards on a job with a million
 * records. Prints a table for docs/benchmarks.md. Confined to the main thread.
 *
 * <p>Usage: {@code ./joblog bench-metadata [records]}, by default 1000000.
 */
public final class MetadataBenchmark {

  private static final long NOON = 1_795_348_800_000_000L;
  private static final int SLOW_JOBS = 200;
  private static final int REPETITIONS = 9;
  private static final int ROUNDS = 5;

  private final PrintStream out;
  private final PostgresStore store;
  private final Connection reader;
  private final RecordReader records = new RecordReader(MetadataLimits.DEFAULT);

  private MetadataBenchmark(PrintStream out, PostgresStore store, Connection reader) {
    this.out = out;
    this.store = store;
    this.reader = reader;
  }

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    Path folder = Files.createTempDirectory("joblog-benchmark");
    try (DemoDatabase database = DemoDatabase.startDurable(folder)) {
      database.prepare();
      try (PostgresStore store = PostgresStore.open(database.writer(), InstantSource.system());
          Connection superuser = database.connectAsSuperuser();
          Connection reader = database.connectAsReader()) {
        new MetadataBenchmark(System.out, store, reader).run(count, superuser);
      }
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void run(int count, Connection superuser) throws Exception {
    out.println("records of 10 numbers, commits durable        records/s   bytes/record   ratio");
    int rows = Math.max(count / 50, 10_000);
    MetadataBaseline baseline = new MetadataBaseline(superuser);
    warmUp(baseline, rows);
    long plainBytes = baseline.bytes() / rows;
    double plain = 0;
    for (int commit : new int[] {100, 1000, 10_000}) {
      List<Double> plainRates = new ArrayList<>();
      List<Double> rates = new ArrayList<>();
      long before = MetadataBaseline.bytes(superuser, "joblog.metadata%");
      for (int round = 0; round < ROUNDS; round++) {
        plainRates.add(rate(rows, () -> baseline.write(lines(0, rows), commit)));
        List<Batch> batches = batches(job("fast" + commit + "." + round), rows, commit);
        rates.add(rate(rows, () -> commitAll(batches)));
      }
      long bytes = MetadataBaseline.bytes(superuser, "joblog.metadata%") - before;
      plain = median(plainRates);
      print("jsonb and point rows, commits of " + commit, plain, plainBytes, 1);
      double median = median(rates);
      print("joblog, commits of " + commit, median, bytes / rows / ROUNDS, median / plain);
    }
    double read = rate(rows, () -> batches(-1, rows, 1000));
    print("reading JSON and statistics alone", read, 0, read / plain);
    slowJobs(baseline);
    commitAll(batches(job("large"), count, 10_000));
    queries(count);
  }

  private void warmUp(MetadataBaseline baseline, int rows) throws Exception {
    baseline.write(lines(0, rows), 1000);
    commitAll(batches(job("warm1"), rows, 1000));
    commitAll(batches(job("warm2"), rows, 100));
  }

  /** Many jobs with one record each in every commit. */
  private void slowJobs(MetadataBaseline baseline) throws Exception {
    int commits = 100;
    List<List<Batch>> jobs = new ArrayList<>();
    for (int i = 0; i < SLOW_JOBS; i++) {
      jobs.add(batches(job("slow" + i), commits, 1));
    }
    List<Batch> batches = new ArrayList<>();
    for (int commit = 0; commit < commits; commit++) {
      List<JobBatch> together = new ArrayList<>();
      for (List<Batch> job : jobs) {
        together.addAll(job.get(commit).jobs());
      }
      batches.add(new Batch(together));
    }
    double slow = rate(commits * SLOW_JOBS, () -> commitAll(batches));
    int rows = commits * SLOW_JOBS;
    double plain = rate(rows, () -> baseline.write(lines(0, rows), SLOW_JOBS));
    print("jsonb and point rows, commits of " + SLOW_JOBS, plain, 0, 1);
    print("joblog, " + SLOW_JOBS + " jobs with 1 record a commit", slow, 0, slow / plain);
  }

  private void queries(int count) throws SQLException {
    out.printf("%nqueries on a job of %,d records of 10 numbers          median ms%n", count);
    time("choose X", "SELECT jobs.metadata_x('large')");
    time("newest 500 records", "SELECT * FROM jobs.metadata_records('large', 500)");
    time("latest value of each key", "SELECT * FROM jobs.metadata_latest('large')");
    time(
        "a key by X, 1,000 buckets",
        "SELECT * FROM jobs.metadata_by_x('large', 'step', ARRAY['loss'], 'last', 3000)");
    time(
        "a key by time, 1,000 buckets",
        "SELECT * FROM jobs.metadata_by_time('large', ARRAY['loss'], points => 3000)");
    time(
        "a key by epoch, 2,500 records each",
        "SELECT * FROM jobs.metadata_by_x('large', 'epoch', ARRAY['loss'], 'last', 3000)");
    time(
        "a key by epoch, mean",
        "SELECT * FROM jobs.metadata_by_x('large', 'epoch', ARRAY['loss'], 'mean', 3000)");
    time("all keys by X, 1,000 points each", "SELECT * FROM jobs.metadata_by_x('large','step')");
  }

  private void time(String name, String sql) throws SQLException {
    List<Double> millis = new ArrayList<>();
    try (PreparedStatement query = reader.prepareStatement(sql)) {
      for (int i = 0; i < REPETITIONS; i++) {
        long begin = System.nanoTime();
        query.executeQuery().close();
        millis.add((System.nanoTime() - begin) / 1e6);
      }
    }
    out.printf(Locale.ROOT, "%-45s %18.1f%n", name, median(millis));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private void print(String name, double rate, long bytes, double ratio) {
    out.printf(
        Locale.ROOT,
        "%-45s %9.0f   %12s   %5.1f%n",
        name,
        rate,
        bytes == 0 ? "" : Long.toString(bytes),
        ratio);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double rate(int records, Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return records / ((System.nanoTime() - begin) / 1e9);
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
    KeyTable keys = new KeyTable(MetadataLimits.DEFAULT, List.of());
    List<Batch> batches = new ArrayList<>();
    for (int begin = 0; begin < count; begin += commit) {
      List<MetadataRecord> written = new ArrayList<>();
      for (String line : lines(begin, Math.min(commit, count - begin))) {
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
                  new JobBatch(
                      job, null, null, List.of(), written, keys.takeChanged(), List.of()))));
    }
    return batches;
  }

  /** What a training prints: ten numbers a line, about 190 bytes. */
  private static List<String> lines(int begin, int count) {
    List<String> lines = new ArrayList<>(count);
    for (int i = begin; i < begin + count; i++) {
      double noise = (i * 0.618033988749895) % 1;
      lines.add(
          "{\"step\": %d, \"epoch\": %d, \"loss\": %s, \"acc\": %s, \"lr\": %s, \"grad_norm\": %s, "
                  .formatted(i, i / 2500, 2 + noise, noise, 1e-3 / (1 + i), 1 / (1 + noise))
              + "\"tokens\": %d, \"time\": %s, \"mem\": %d, \"speed\": %s}"
                  .formatted(i * 4096L, i * 0.1, 40_000 + i % 7, 1000 * noise));
    }
    return lines;
  }
}
