package org.joblog.ingest.store;

import java.util.List;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.schema.options.JobOptions;

/**
 * A job as the database knows it. Immutable.
 *
 * @param jobKey its key
 * @param created whether this call created it: then its options are those just given
 * @param uid numeric id of the owner that the first greeting fixed
 * @param options its present mode, and whether it obeys commands
 * @param nextRecord sequence number of its next metadata record
 * @param statistics what is known of its metadata keys
 * @param capNotices what its user has been told about caps on metadata
 */
public record OpenedJob(
    long jobKey,
    boolean created,
    long uid,
    JobOptions options,
    long nextRecord,
    List<KeyStatistics> statistics,
    List<String> capNotices) {

  public OpenedJob {
    statistics = List.copyOf(statistics);
    capNotices = List.copyOf(capNotices);
  }
}
