/** Runs the whole of joblog on one machine: the demo and the benchmarks of the whole way. */
@NullMarked
package org.joblog.workbench;

import org.jspecify.annotations.NullMarked;
