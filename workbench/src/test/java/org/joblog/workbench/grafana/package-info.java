/** The dashboards of deploy/grafana, held to what Grafana does with them. */
@NullMarked
package org.joblog.workbench.grafana;

import org.jspecify.annotations.NullMarked;
