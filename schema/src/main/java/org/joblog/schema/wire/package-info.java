/** The frames that shippers and servers exchange, and their codec; PROTOCOL.md specifies them. */
@NullMarked
package org.joblog.schema.wire;

import org.jspecify.annotations.NullMarked;
