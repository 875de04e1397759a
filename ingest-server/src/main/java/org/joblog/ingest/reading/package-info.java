/**
 * Answers questions about jobs from the public SQL interface, as rows of JSON, for whom may see
 * them.
 */
@NullMarked
package org.joblog.ingest.reading;

import org.jspecify.annotations.NullMarked;
