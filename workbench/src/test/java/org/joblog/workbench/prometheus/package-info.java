/** The rules of deploy/prometheus, held to the real Prometheus and to a running server. */
@NullMarked
package org.joblog.workbench.prometheus;

import org.jspecify.annotations.NullMarked;
