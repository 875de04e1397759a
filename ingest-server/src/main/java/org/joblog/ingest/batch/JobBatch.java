package org.joblog.ingest.batch;

import java.util.List;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;

/**
 * The effects on one job. Immutable.
 *
 * @param jobKey the job's key in the database
 * @param mode the job's mode after this batch, or null if it did not change
 * @param ended how the job ended, or null if it has not
 * @param events in the order in which they happened
 * @param records metadata records in the order of their sequence numbers
 * @param keys what is to be written of the statistics of metadata keys
 * @param streams one entry per stream with anything to write, each stream once
 */
public record JobBatch(
    long jobKey,
    @Nullable Mode mode,
    @Nullable JobEnd ended,
    List<Event> events,
    List<MetadataRecord> records,
    KeyNews keys,
    List<StreamBatch> streams) {

  public JobBatch {
    events = List.copyOf(events);
    records = List.copyOf(records);
    streams = List.copyOf(streams);
  }
}
