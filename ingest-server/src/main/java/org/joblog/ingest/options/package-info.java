/** Reads .logoptin; the door to SnakeYAML for what users write. */
@NullMarked
package org.joblog.ingest.options;

import org.jspecify.annotations.NullMarked;
