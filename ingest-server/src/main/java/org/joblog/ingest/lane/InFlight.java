package org.joblog.ingest.lane;

import java.util.List;
import java.util.Map;
import org.joblog.ingest.batch.Batch;

/**
 * A batch on its way to the database, and what must be told when it is there. Immutable.
 *
 * @param batch what is written
 * @param streams which route each part of a stream came from
 * @param costs what may be admitted anew
 * @param ending sessions whose end of job is in the batch
 * @param sinceNanos when the oldest of it came in
 * @param handedOverNanos when the writer got it
 * @param bytes of output whose effects are in it
 */
record InFlight(
    Batch batch,
    List<Written> streams,
    Map<Session, Long> costs,
    List<Session> ending,
    long sinceNanos,
    long handedOverNanos,
    long bytes) {}
