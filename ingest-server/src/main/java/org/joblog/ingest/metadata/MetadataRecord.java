package org.joblog.ingest.metadata;

import java.util.List;

/**
 * One metadata record of a job. Immutable.
 *
 * @param sequence number of the record in its job, from 0, without holes
 * @param atMicros when it was printed, microseconds since the epoch
 * @param streamKey the stream that printed it
 * @param line number of its line in the stream's log, or -1 where it is not known: it is not while
 *     rows before it can still change, which is so when a record is stored
 * @param json the object in canonical form that PostgreSQL's jsonb accepts: duplicate keys resolved
 *     (last wins), NaN and infinities as strings, no NUL
 * @param values its numbers, one per graphed key, in the order of the record
 */
public record MetadataRecord(
    long sequence,
    long atMicros,
    long streamKey,
    long line,
    String json,
    List<NumericValue> values) {

  public MetadataRecord {
    values = List.copyOf(values);
  }
}
