/** Runs programs of the system, never longer than they may take. */
@NullMarked
package org.joblog.ingest.process;

import org.jspecify.annotations.NullMarked;
