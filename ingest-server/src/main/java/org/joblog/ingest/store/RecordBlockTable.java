package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.StatisticsJson;
import org.jspecify.annotations.Nullable;

/** Writes blocks of metadata records, and the columns of their numbers. Immutable. */
final class RecordBlockTable {

  private static final String BLOCKS =
      """
      joblog.metadata_block (job_key, first_sequence, block_key, records, first_at, last_at,
        stream_keys, at_micros, lines, body, carried, keys, numbers, integers)
      """;

  private static final String COLUMNS =
      """
      joblog.metadata_column (job_key, key, first_sequence, block_key, records, count,
        first_place, last_place, min_place, max_place,
        first_value, last_value, min_value, max_value, mean_value, strict, numbers, integers)
      """;

  private static final String INSERT_OPEN =
      "INSERT INTO " + BLOCKS + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** A block and its columns, whose numbers come key after key in one array. */
  private static final String INSERT_FULL =
      """
      WITH block AS (
        INSERT INTO %s
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)
        RETURNING job_key, first_sequence, block_key, records
      )
      INSERT INTO %s
      SELECT b.job_key, c.key, b.first_sequence, b.block_key, b.records, c.count,
        c.first_place, c.last_place, c.min_place, c.max_place,
        c.numbers[c.first_place], c.numbers[c.last_place],
        c.numbers[c.min_place], c.numbers[c.max_place], c.mean, c.strict, c.numbers, c.integers
      FROM block b
      CROSS JOIN (SELECT ?::text[] AS keys, ?::double precision[] AS numbers,
        ?::bigint[] AS integers) a
      CROSS JOIN LATERAL (
        SELECT u.*, a.numbers[(u.n - 1) * b.records + 1 : u.n * b.records] AS numbers,
          CASE WHEN u.inexact THEN
            a.integers[(u.n - 1) * b.records + 1 : u.n * b.records] END AS integers
        FROM unnest(a.keys, ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[],
            ?::double precision[], ?::boolean[], ?::boolean[])
          WITH ORDINALITY AS u(key, count, first_place, last_place, min_place, max_place,
            mean, strict, inexact, n)
        OFFSET 0
      ) c
      """
          .formatted(BLOCKS, COLUMNS);

  /** Up to so many blocks an INSERT costs less than COPY. */
  private static final int FEW_BLOCKS = 8;

  /**
   * Up to so many places for numbers. Where one is empty PostgreSQL finds a key's part of the array
   * by counting from its begin, so that the time grows with places times keys.
   */
  private static final int FEW_NUMBERS = 20_000;

  /** A block, its random key and its columns. */
  private record Written(RecordBlock block, long key, List<NumberColumn> columns) {

    static Written of(RecordBlock block) {
      // Tells the blocks of two servers apart that begin with the same record: no more is needed.
      return new Written(
          block, ThreadLocalRandom.current().nextLong(), NumberColumn.of(block.records()));
    }

    boolean isFull() {
      return block.full();
    }

    int numbers() {
      return columns.size() * block.records().size();
    }
  }

  /** Writes blocks, and the columns of full ones. */
  void write(Connection connection, List<RecordBlock> blocks) throws SQLException {
    List<Written> all = blocks.stream().map(Written::of).toList();
    if (all.size() <= FEW_BLOCKS && all.stream().mapToInt(Written::numbers).sum() <= FEW_NUMBERS) {
      insert(connection, all);
    } else {
      copy(connection, all);
    }
  }

  private static void insert(Connection connection, List<Written> blocks) throws SQLException {
    List<Written> open = blocks.stream().filter(Predicate.not(Written::isFull)).toList();
    if (!open.isEmpty()) {
      try (PreparedStatement insert = connection.prepareStatement(INSERT_OPEN)) {
        InsertedRow row = new InsertedRow(connection, insert);
        for (Written block : open) {
          putBlock(row, block);
          putNumbers(row, block);
          row.end();
        }
        insert.executeBatch();
      }
    }
    if (open.size() < blocks.size()) {
      try (PreparedStatement insert = connection.prepareStatement(INSERT_FULL)) {
        InsertedRow row = new InsertedRow(connection, insert);
        for (Written block : blocks) {
          if (block.isFull()) {
            putBlock(row, block);
            putNumbers(row, block);
            putMeasures(row, block.columns());
            row.end();
          }
        }
        insert.executeBatch();
      }
    }
  }

  private static void copy(Connection connection, List<Written> blocks) throws SQLException {
    try (BinaryCopy copy = BinaryCopy.into(connection, BLOCKS)) {
      for (Written block : blocks) {
        copy.row(14);
        putBlock(copy, block);
        if (block.isFull()) {
          copy.nothing();
          copy.nothing();
          copy.nothing();
        } else {
          putNumbers(copy, block);
        }
      }
      copy.finish();
    }
    if (blocks.stream().anyMatch(Written::isFull)) {
      try (BinaryCopy copy = BinaryCopy.into(connection, COLUMNS)) {
        for (Written block : blocks) {
          if (block.isFull()) {
            putColumns(copy, block);
          }
        }
        copy.finish();
      }
    }
  }

  private static void putBlock(Row row, Written written) throws SQLException {
    RecordBlock block = written.block();
    long firstAt = block.firstAtMicros();
    row.int8(block.jobKey());
    row.int8(block.firstSequence());
    row.int8(written.key());
    row.int4(block.records().size());
    row.time(firstAt);
    row.time(block.lastAtMicros());
    long[] streams = longs(block, MetadataRecord::streamKey);
    row.int8s(allAre(streams, streams[0]) ? new long[] {streams[0]} : streams);
    row.int8s(nullIfAll(0, longs(block, record -> record.atMicros() - firstAt)));
    row.int8s(nullIfAll(-1, longs(block, MetadataRecord::line)));
    row.text(block.body());
    if (block.carried().isEmpty()) {
      row.nothing();
    } else {
      row.text(StatisticsJson.of(block.carried(), block.lastSequence(), block.lastAtMicros()));
    }
  }

  /** The numbers of a block: key after key, a place a record. */
  private static void putNumbers(Row row, Written block) throws SQLException {
    List<NumberColumn> columns = block.columns();
    int records = block.block().records().size();
    row.texts(columns.stream().map(NumberColumn::key).toArray(String[]::new));
    double[] numbers = new double[block.numbers()];
    BitSet present = new BitSet();
    BitSet exact = new BitSet();
    for (int i = 0; i < columns.size(); i++) {
      NumberColumn column = columns.get(i);
      int begin = i * records;
      System.arraycopy(column.numbers(), 0, numbers, begin, records);
      column.present().stream().forEach(place -> present.set(begin + place));
      column.exact().stream().forEach(place -> exact.set(begin + place));
    }
    row.float8s(numbers, present);
    row.int8s(exact.isEmpty() ? null : integers(columns, records), exact);
  }

  private static long[] integers(List<NumberColumn> columns, int records) {
    long[] integers = new long[columns.size() * records];
    for (int i = 0; i < columns.size(); i++) {
      long[] some = columns.get(i).integers();
      System.arraycopy(some, 0, integers, i * records, some.length);
    }
    return integers;
  }

  /** What a full block tells of each key beside the numbers. Places count from 1. */
  private static void putMeasures(InsertedRow row, List<NumberColumn> columns) throws SQLException {
    row.int4s(ints(columns, column -> column.present().cardinality()));
    row.int4s(ints(columns, column -> column.first() + 1));
    row.int4s(ints(columns, column -> column.last() + 1));
    row.int4s(ints(columns, column -> column.least() + 1));
    row.int4s(ints(columns, column -> column.greatest() + 1));
    row.float8s(doubles(columns, NumberColumn::mean));
    row.bools(bools(columns, NumberColumn::isStrict));
    row.bools(bools(columns, column -> !column.exact().isEmpty()));
  }

  private static void putColumns(BinaryCopy copy, Written written) throws SQLException {
    RecordBlock block = written.block();
    for (NumberColumn column : written.columns()) {
      double[] numbers = column.numbers();
      copy.row(18);
      copy.int8(block.jobKey());
      copy.text(column.key());
      copy.int8(block.firstSequence());
      copy.int8(written.key());
      copy.int4(block.records().size());
      copy.int4(column.present().cardinality());
      int[] places = {column.first(), column.last(), column.least(), column.greatest()};
      for (int place : places) {
        copy.int4(place + 1);
      }
      for (int place : places) {
        copy.float8(numbers[place]);
      }
      copy.float8(column.mean());
      copy.bool(column.isStrict());
      copy.float8s(numbers, column.present());
      copy.int8s(column.exact().isEmpty() ? null : column.integers(), column.exact());
    }
  }

  private static int[] ints(List<NumberColumn> columns, ToIntFunction<NumberColumn> measure) {
    return columns.stream().mapToInt(measure).toArray();
  }

  private static double[] doubles(
      List<NumberColumn> columns, ToDoubleFunction<NumberColumn> measure) {
    return columns.stream().mapToDouble(measure).toArray();
  }

  private static boolean[] bools(List<NumberColumn> columns, Predicate<NumberColumn> measure) {
    boolean[] values = new boolean[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = measure.test(columns.get(i));
    }
    return values;
  }

  private static long[] longs(RecordBlock block, ToLongFunction<MetadataRecord> column) {
    return block.records().stream().mapToLong(column).toArray();
  }

  private static boolean allAre(long[] values, long value) {
    for (long each : values) {
      if (each != value) {
        return false;
      }
    }
    return true;
  }

  private static long @Nullable [] nullIfAll(long value, long[] values) {
    return allAre(values, value) ? null : values;
  }
}
