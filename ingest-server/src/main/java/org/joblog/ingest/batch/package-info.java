/** Collects all effects of a lane since its last commit into one value. */
@NullMarked
package org.joblog.ingest.batch;

import org.jspecify.annotations.NullMarked;
