package org.joblog.ingest.http;

import java.net.InetSocketAddress;

/**
 * Where the server answers, and its bounds. Immutable.
 *
 * @param address to listen on; port 0 takes a free one
 * @param limits the bounds
 */
public record HttpSettings(InetSocketAddress address, HttpLimits limits) {}
