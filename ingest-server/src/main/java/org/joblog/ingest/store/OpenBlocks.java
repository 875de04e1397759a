package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;
import org.jspecify.annotations.Nullable;

/** Takes small blocks of records out of their table again, to join them. Immutable. */
final class OpenBlocks {

  private static final String TAKE =
      """
      DELETE FROM joblog.metadata_block
      WHERE job_key = ? AND first_sequence >= ? AND keys IS NOT NULL
      RETURNING first_sequence, (extract(epoch FROM first_at) * 1000000)::bigint,
        stream_keys, at_micros, lines, body, keys, numbers, integers
      """;

  /** Takes the records of a job's open blocks from a sequence number on, in their order. */
  List<MetadataRecord> take(Connection connection, long jobKey, long fromSequence)
      throws SQLException {
    List<MetadataRecord> records = new ArrayList<>();
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
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
