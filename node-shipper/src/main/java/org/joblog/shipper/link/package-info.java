/** The connection to the server: greeting, sending, acknowledgements, coming again. */
@NullMarked
package org.joblog.shipper.link;

import org.jspecify.annotations.NullMarked;
