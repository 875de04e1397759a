package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToLongFunction;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;
import org.joblog.ingest.metadata.StatisticsJson;
import org.jspecify.annotations.Nullable;

/** The tables of metadata records and their numbers. Immutable. */
final class RecordBlockTable {

  private static final String BLOCKS =
      """
      joblog.metadata_block (job_key, first_sequence, block_key, records, first_at, last_at,
        stream_keys, at_micros, lines, body, carried, keys, numbers, integers)
      """;

  private static final String INSERT_BLOCK =
      "INSERT INTO " + BLOCKS + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** Up to so many blocks an INSERT costs less than COPY. */
  private static final int FEW_BLOCKS = 8;

  private static final String COLUMNS =
      """
      joblog.metadata_column (job_key, key, first_sequence, block_key, records, count,
        first_place, last_place, min_place, max_place,
        first_value, last_value, min_value, max_value, mean_value, strict, numbers, integers)
      """;

  private static final String TAKE_OPEN =
      """
      DELETE FROM joblog.metadata_block
      WHERE job_key = ? AND first_sequence >= ? AND keys IS NOT NULL
      RETURNING first_sequence, (extract(epoch FROM first_at) * 1000000)::bigint,
        stream_keys, at_micros, lines, body, keys, numbers, integers
      """;

  /** Writes blocks, and the columns of full ones. */
  void write(Connection connection, List<RecordBlock> blocks) throws SQLException {
    // Tells the blocks of two servers apart that begin with the same record: no more is needed.
    long[] keys = ThreadLocalRandom.current().longs(blocks.size()).toArray();
    if (blocks.size() <= FEW_BLOCKS) {
      insertBlocks(connection, blocks, keys);
    } else {
      copyBlocks(connection, blocks, keys);
    }
    if (blocks.stream().noneMatch(RecordBlock::full)) {
      return;
    }
    try (BinaryCopy copy = BinaryCopy.into(connection, COLUMNS)) {
      for (int i = 0; i < blocks.size(); i++) {
        if (blocks.get(i).full()) {
          putColumns(copy, blocks.get(i), keys[i]);
        }
      }
      copy.finish();
    }
  }

  private static void insertBlocks(Connection connection, List<RecordBlock> blocks, long[] keys)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_BLOCK)) {
      InsertedRow row = new InsertedRow(connection, insert);
      for (int i = 0; i < blocks.size(); i++) {
        putBlock(row, blocks.get(i), keys[i]);
        row.end();
      }
      insert.executeBatch();
    }
  }

  private static void copyBlocks(Connection connection, List<RecordBlock> blocks, long[] keys)
      throws SQLException {
    try (BinaryCopy copy = BinaryCopy.into(connection, BLOCKS)) {
      for (int i = 0; i < blocks.size(); i++) {
        copy.row(14);
        putBlock(copy, blocks.get(i), keys[i]);
      }
      copy.finish();
    }
  }

  private static void putBlock(Row row, RecordBlock block, long blockKey) throws SQLException {
    long firstAt = block.firstAtMicros();
    row.int8(block.jobKey());
    row.int8(block.firstSequence());
    row.int8(blockKey);
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
    if (block.full()) {
      row.nothing();
      row.nothing();
      row.nothing();
    } else {
      putNumbers(row, NumberColumn.of(block.records()), block.records().size());
    }
  }

  /** The numbers of an open block: key after key. */
  private static void putNumbers(Row row, List<NumberColumn> columns, int records)
      throws SQLException {
    row.texts(columns.stream().map(NumberColumn::key).toArray(String[]::new));
    double[] numbers = new double[columns.size() * records];
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

  private static void putColumns(BinaryCopy copy, RecordBlock block, long blockKey)
      throws SQLException {
    for (NumberColumn column : NumberColumn.of(block.records())) {
      double[] numbers = column.numbers();
      copy.row(18);
      copy.int8(block.jobKey());
      copy.text(column.key());
      copy.int8(block.firstSequence());
      copy.int8(blockKey);
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

  /** Takes the open blocks of a job from a sequence number on out of the table. */
  List<MetadataRecord> takeOpen(Connection connection, long jobKey, long fromSequence)
      throws SQLException {
    List<MetadataRecord> records = new ArrayList<>();
    try (PreparedStatement take = connection.prepareStatement(TAKE_OPEN)) {
      take.setLong(1, jobKey);
      take.setLong(2, fromSequence);
      try (ResultSet row = take.executeQuery()) {
        while (row.next()) {
          addRecords(row, records);
        }
      }
    }
    records.sort(Comparator.comparingLong(MetadataRecord::sequence));
    return records;
  }

  private static void addRecords(ResultSet row, List<MetadataRecord> records) throws SQLException {
    long firstSequence = row.getLong(1);
    long firstAt = row.getLong(2);
    Long[] streams = (Long[]) row.getArray(3).getArray();
    Long @Nullable [] atMicros = longs(row, 4);
    Long @Nullable [] lines = longs(row, 5);
    List<String> bodies = RecordBlock.objects(row.getString(6));
    String[] keys = (String[]) row.getArray(7).getArray();
    Double[] numbers = (Double[]) row.getArray(8).getArray();
    Long @Nullable [] integers = longs(row, 9);
    for (int i = 0; i < bodies.size(); i++) {
      List<NumericValue> values = new ArrayList<>(keys.length);
      for (int k = 0; k < keys.length; k++) {
        int place = k * bodies.size() + i;
        Double number = numbers[place];
        Long exact = integers == null ? null : integers[place];
        if (number != null) {
          values.add(
              new NumericValue(keys[k], exact != null, exact == null ? 0 : exact, number, null));
        }
      }
      records.add(
          new MetadataRecord(
              firstSequence + i,
              firstAt + (atMicros == null ? 0 : atMicros[i]),
              streams[streams.length == 1 ? 0 : i],
              lines == null ? -1 : lines[i],
              bodies.get(i),
              values));
    }
  }

  private static Long @Nullable [] longs(ResultSet row, int column) throws SQLException {
    java.sql.Array array = row.getArray(column);
    return array == null ? null : (Long[]) array.getArray();
  }
}
