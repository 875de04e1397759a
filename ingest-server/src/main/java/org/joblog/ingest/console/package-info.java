/** Renders the bytes of one stream as a console would: rows, a window, what left it. */
@NullMarked
package org.joblog.ingest.console;

import org.jspecify.annotations.NullMarked;
