/** What was printed and is not acknowledged yet: in memory, then on disk, then only as a gap. */
@NullMarked
package org.joblog.shipper.window;

import org.jspecify.annotations.NullMarked;
