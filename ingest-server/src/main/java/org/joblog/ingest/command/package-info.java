/** Reads /LOGCOMMAND lines. */
@NullMarked
package org.joblog.ingest.command;

import org.jspecify.annotations.NullMarked;
