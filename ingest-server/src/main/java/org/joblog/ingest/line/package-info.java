/** Decides what a completed line is: a command, metadata, or text. */
@NullMarked
package org.joblog.ingest.line;

import org.jspecify.annotations.NullMarked;
