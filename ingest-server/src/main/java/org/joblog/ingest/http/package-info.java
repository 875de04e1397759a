/** Answers /metrics, /healthz and /readyz. */
@NullMarked
package org.joblog.ingest.http;

import org.jspecify.annotations.NullMarked;
