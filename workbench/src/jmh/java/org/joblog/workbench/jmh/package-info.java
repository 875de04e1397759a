/** Benchmarks of single rooms, which print ratios to a yardstick measured in the same run. */
@NullMarked
package org.joblog.workbench.jmh;

import org.jspecify.annotations.NullMarked;
