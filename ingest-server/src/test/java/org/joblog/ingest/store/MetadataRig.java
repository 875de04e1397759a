package org.joblog.ingest.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.KeyTable;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.metadata.RecordReading;

/**
 * Prints records of jobs 1, 2 and 3 into a database of its own, as a lane does with each commit,
 * and reads them. Confined to one thread.
 */
final class MetadataRig implements AutoCloseable {

  static final long STREAM = 7;

  private final TestPostgres postgres = TestPostgres.create();
  private final Connection writer;

  private final MetadataTables tables = new MetadataTables();
  private final MetadataLimits limits;
  private final RecordReader reader;
  private final Map<Long, KeyTable> keys = new HashMap<>();
  private final Map<Long, Long> next = new HashMap<>();

  MetadataRig() {
    this(MetadataLimits.DEFAULT);
  }

  MetadataRig(MetadataLimits limits) {
    this.limits = limits;
    this.reader = new RecordReader(limits);
    try {
      writer = TestPostgres.connect(postgres.writer());
      writer.setAutoCommit(false);
      for (long job = 1; job <= 3; job++) {
        addJob(job);
      }
    } catch (SQLException e) {
      throw new AssertionError("no database with three jobs", e);
    }
  }

  @Override
  public void close() throws SQLException {
    writer.close();
    postgres.close();
  }

  TestPostgres postgres() {
    return postgres;
  }

  /** Another server, that knows nothing of the job, begins to number its records anew. */
  void forget(long job) {
    keys.remove(job);
    next.put(job, 0L);
  }

  /** Leaves out as many numbers of records. */
  void skip(long job, long numbers) {
    next.merge(job, numbers, Long::sum);
  }

  /** A line by its number. */
  interface Line {
    String of(int number);
  }

  /** As many lines, each made from its number. */
  static String[] numbered(int count, Line line) {
    String[] lines = new String[count];
    for (int i = 0; i < count; i++) {
      lines[i] = line.of(i);
    }
    return lines;
  }

  private void addJob(long job) throws SQLException {
    try (Connection connection = postgres.connect();
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO joblog.job (job_key, cluster, job, restart, user_name, uid, name,
                  started_at, mode, commands)
                VALUES (?, 'c', ?, 0, 'u', 1, '', now(), 'enabled', true)
                """)) {
      insert.setLong(1, job);
      insert.setString(2, Long.toString(job));
      insert.executeUpdate();
    }
  }

  /** One commit with the given lines, a second apart. */
  void print(long job, String... lines) throws SQLException {
    KeyTable table = keys.computeIfAbsent(job, k -> new KeyTable(limits, List.of()));
    List<MetadataTables.JobRecord> records = new ArrayList<>();
    for (String line : lines) {
      byte[] bytes = line.getBytes(UTF_8);
      long sequence = next.merge(job, 1L, Long::sum) - 1;
      long at = Samples.NOON + sequence * 1_000_000;
      RecordReading reading = reader.read(bytes, 0, bytes.length).orElseThrow();
      List<NumericValue> values = table.accept(sequence, at, reading);
      records.add(
          new MetadataTables.JobRecord(
              job, new MetadataRecord(sequence, at, STREAM, -1, reading.json(), values)));
    }
    KeyNews news = table.takeNews();
    if (news.settled()) {
      tables.writeRecords(writer, records, Map.of());
      tables.writeStatistics(
          writer,
          news.statistics().stream()
              .map(known -> new MetadataTables.JobStatistics(job, known))
              .toList());
    } else {
      tables.writeRecords(writer, records, Map.of(job, news.statistics()));
    }
    writer.commit();
  }

  /** The server starts anew and goes on from what is stored. */
  void restart() throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.writer())) {
      for (long job : List.copyOf(keys.keySet())) {
        List<KeyStatistics> stored = tables.readStatistics(connection, job);
        keys.put(job, new KeyTable(limits, stored));
        assertThat(tables.nextSequence(connection, job)).isEqualTo(next.get(job));
      }
    }
  }

  List<String> rows(String sql) throws SQLException {
    return Rows.of(postgres, sql);
  }

  /** Rows of numbers in one spelling. */
  List<String> numbers(String sql) throws SQLException {
    return rows(sql).stream()
        .map(row ->
            String.join(
                "|",
                Arrays.stream(row.split("\\|", -1))
                    .map(number -> Double.toString(Double.parseDouble(number)))
                    .toList()))
        .toList();
  }

  /** The time of a record by its number, in microseconds since the epoch as SQL prints it. */
  static String micros(long second) {
    return (Samples.NOON + second * 1_000_000) + ".000000";
  }
}
