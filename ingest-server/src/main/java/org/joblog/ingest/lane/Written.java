package org.joblog.ingest.lane;

import org.joblog.ingest.batch.StreamBatch;

/** A stream's part of a batch, and the route that it came from. Immutable. */
record Written(Route route, StreamBatch batch) {}
