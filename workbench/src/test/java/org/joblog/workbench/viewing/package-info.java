/**
 * Tests of what people see without Grafana: the whole way from a job's output to who may see it.
 */
@NullMarked
package org.joblog.workbench.viewing;

import org.jspecify.annotations.NullMarked;
