package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.MetadataRecord;

/** Reads and writes the metadata of jobs, inside a transaction of the caller. Immutable. */
final class MetadataTables {

  /** One record, and whose it is. */
  record JobRecord(long jobKey, MetadataRecord metadata) {}

  /** What is known of one key, and of whose metadata. */
  record JobStatistics(long jobKey, KeyStatistics statistics) {}

  private static final String NEXT_SEQUENCE =
      """
      SELECT greatest(
        (SELECT first_sequence + records FROM joblog.metadata_block
         WHERE job_key = ? ORDER BY first_sequence DESC LIMIT 1),
        (SELECT max(last_sequence) + 1 FROM joblog.metadata_key WHERE job_key = ?),
        0)
      """;

  private final RecordBlockTable blocks = new RecordBlockTable();
  private final OpenBlocks openBlocks = new OpenBlocks();
  private final KeyStatisticsTable keys = new KeyStatisticsTable();

  /**
   * Writes records and their numbers: small blocks as they come, joined into full ones when their
   * numbers pass a multiple of {@link RecordBlock#RECORDS}, so that each record is written at most
   * twice and nothing has to tidy up behind slow jobs.
   *
   * @param carried statistics that the newest record of a job carries, by the job's key
   * @throws SQLException with a state of class 22 or 23 if the database refuses one of them: the
   *     caller finds out which by offering fewer
   */
  void writeRecords(
      Connection connection, List<JobRecord> records, Map<Long, List<KeyStatistics>> carried)
      throws SQLException {
    Map<Long, List<MetadataRecord>> jobs = new LinkedHashMap<>();
    for (JobRecord entry : records) {
      jobs.computeIfAbsent(entry.jobKey(), key -> new ArrayList<>()).add(entry.metadata());
    }
    List<RecordBlock> written = new ArrayList<>();
    for (Map.Entry<Long, List<MetadataRecord>> job : jobs.entrySet()) {
      List<MetadataRecord> all = job.getValue();
      long first = all.getFirst().sequence();
      if (RecordBlock.fillsUp(first, all.getLast().sequence())) {
        List<MetadataRecord> open =
            openBlocks.take(connection, job.getKey(), RecordBlock.begin(first));
        all.addAll(0, open);
        all.sort(Comparator.comparingLong(MetadataRecord::sequence));
      }
      written.addAll(
          RecordBlock.of(job.getKey(), all, carried.getOrDefault(job.getKey(), List.of())));
    }
    blocks.write(connection, written);
  }

  /** Writes statistics for good; errors as in {@link #writeRecords}. */
  void writeStatistics(Connection connection, List<JobStatistics> statistics) throws SQLException {
    keys.write(connection, statistics);
  }

  /** What is known of all metadata keys of a job. */
  List<KeyStatistics> readStatistics(Connection connection, long jobKey) throws SQLException {
    return keys.read(connection, jobKey);
  }

  /** The sequence number that the next record of a job gets. */
  long nextSequence(Connection connection, long jobKey) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NEXT_SEQUENCE)) {
      select.setLong(1, jobKey);
      select.setLong(2, jobKey);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
