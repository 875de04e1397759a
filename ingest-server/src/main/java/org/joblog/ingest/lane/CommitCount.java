package org.joblog.ingest.lane;

import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.StreamBatch;

/** Counts what a batch held. */
final class CommitCount {

  private CommitCount() {}

  static LaneMeter.CommitFigures of(InFlight done, long nowNanos) {
    long lines = 0;
    long records = 0;
    for (JobBatch job : done.batch().jobs()) {
      records += job.records().size();
      for (StreamBatch stream : job.streams()) {
        for (Chunk chunk : stream.chunks()) {
          lines += chunk.lines();
        }
      }
    }
    long nanos = nowNanos - done.handedOverNanos();
    return new LaneMeter.CommitFigures(nanos, done.bytes(), lines, records, done.streams().size());
  }
}
