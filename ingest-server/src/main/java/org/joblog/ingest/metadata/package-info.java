/** Reads metadata records and keeps the statistics of their keys; the door to Jackson. */
@NullMarked
package org.joblog.ingest.metadata;

import org.jspecify.annotations.NullMarked;
