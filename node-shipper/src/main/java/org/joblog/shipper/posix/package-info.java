/** The calls of the operating system that Java does not offer; the only room with native code. */
@NullMarked
package org.joblog.shipper.posix;

import org.jspecify.annotations.NullMarked;
