/** Counts what a pager needs; the door to Micrometer. */
@NullMarked
package org.joblog.ingest.metrics;

import org.jspecify.annotations.NullMarked;
