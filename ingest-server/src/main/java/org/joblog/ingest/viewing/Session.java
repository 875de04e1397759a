package org.joblog.ingest.viewing;

import java.time.Instant;
import org.joblog.ingest.reading.Visitor;

/**
 * A person who has proven who they are. Immutable.
 *
 * @param expiresAt from when on they must prove it again
 */
record Session(Visitor visitor, Instant expiresAt) {}
