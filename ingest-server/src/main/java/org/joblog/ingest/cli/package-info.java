/** The commands of the joblog program. */
@NullMarked
package org.joblog.ingest.cli;

import org.jspecify.annotations.NullMarked;
