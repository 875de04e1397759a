/** The command line of joblog-shipper: the door to every other room. */
@NullMarked
package org.joblog.shipper;

import org.jspecify.annotations.NullMarked;
