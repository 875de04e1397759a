/** From the command's pipes to where the output went before, first, and into the window. */
@NullMarked
package org.joblog.shipper.tee;

import org.jspecify.annotations.NullMarked;
