package org.joblog.ingest.store;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.MetadataRecord;

/**
 * Metadata records of a job with consecutive sequence numbers, stored as one row. A full block has
 * one column row for each key beside it and never changes. An open one has its numbers inside and
 * is joined with those that follow it into a full one. Immutable.
 *
 * @param jobKey whose records
 * @param records at least one, at most {@link #RECORDS}
 * @param full whether nothing is to be joined to it
 * @param carried statistics that the newest block of a job carries
 */
record RecordBlock(
    long jobKey, List<MetadataRecord> records, boolean full, List<KeyStatistics> carried) {

  /** So many numbers of a key make a column of 8 KB: reading a long graph costs few rows. */
  static final int RECORDS = 1000;

  /**
   * So many records of one commit are a full block: to join ten of them would write all of it
   * twice, which takes as long as a third of the commits, and a long graph is still drawn from four
   * numbers a block.
   */
  private static final int FULL_RECORDS = 100;

  /** JSON of so many bytes is enough to be a full block whatever the number of its records. */
  static final int FULL_BYTES = 64 * 1024;

  /** A block ends when it has so many bytes: readers of the newest records unpack whole blocks. */
  private static final int MOST_BYTES = 256 * 1024;

  private static final String SEPARATOR = ",\n";

  /**
   * Cuts records into blocks: at holes in their numbers, at multiples of {@link #RECORDS} and when
   * a block is large. All but the last are full.
   *
   * @param records in the order of their sequence numbers
   * @param carried statistics for the last block
   */
  static List<RecordBlock> of(
      long jobKey, List<MetadataRecord> records, List<KeyStatistics> carried) {
    List<RecordBlock> blocks = new ArrayList<>();
    List<MetadataRecord> open = new ArrayList<>();
    long bytes = 0;
    for (MetadataRecord record : records) {
      if (!open.isEmpty() && (bytes >= MOST_BYTES || !follows(open.getLast(), record))) {
        blocks.add(new RecordBlock(jobKey, List.copyOf(open), true, List.of()));
        open.clear();
        bytes = 0;
      }
      open.add(record);
      bytes += record.json().length() + 2L;
    }
    if (!open.isEmpty()) {
      boolean full =
          open.size() >= FULL_RECORDS
              || bytes >= FULL_BYTES
              || (open.getLast().sequence() + 1) % RECORDS == 0;
      blocks.add(new RecordBlock(jobKey, List.copyOf(open), full, carried));
    }
    return blocks;
  }

  private static boolean follows(MetadataRecord before, MetadataRecord next) {
    return next.sequence() == before.sequence() + 1 && next.sequence() % RECORDS != 0;
  }

  /** Whether records from one of these numbers to the other fill a block up. */
  static boolean fillsUp(long firstSequence, long lastSequence) {
    return firstSequence / RECORDS != (lastSequence + 1) / RECORDS;
  }

  /** The number with which the block of a record begins. */
  static long begin(long sequence) {
    return sequence - sequence % RECORDS;
  }

  long firstSequence() {
    return records.getFirst().sequence();
  }

  long lastSequence() {
    return records.getLast().sequence();
  }

  long firstAtMicros() {
    return records.stream().mapToLong(MetadataRecord::atMicros).min().orElseThrow();
  }

  long lastAtMicros() {
    return records.stream().mapToLong(MetadataRecord::atMicros).max().orElseThrow();
  }

  /** The JSON objects as an array, one a line. */
  String body() {
    return records.stream()
        .map(MetadataRecord::json)
        .collect(Collectors.joining(SEPARATOR, "[", "]"));
  }

  /** The objects of a body. No object holds a line feed: JSON writes it as an escape. */
  static List<String> objects(String body) {
    List<String> objects = new ArrayList<>();
    int begin = 1;
    for (int end = body.indexOf(SEPARATOR); end >= 0; end = body.indexOf(SEPARATOR, begin)) {
      objects.add(body.substring(begin, end));
      begin = end + SEPARATOR.length();
    }
    objects.add(body.substring(begin, body.length() - 1));
    return objects;
  }
}
