/** Wires the server: starts its parts in order and closes them in reverse. */
@NullMarked
package org.joblog.ingest.server;

import org.jspecify.annotations.NullMarked;
