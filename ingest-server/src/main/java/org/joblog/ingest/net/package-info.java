/** Speaks the wire protocol on Netty and hands frames to lanes. */
@NullMarked
package org.joblog.ingest.net;

import org.jspecify.annotations.NullMarked;
