package org.joblog.ingest.lane;

/**
 * What all lanes of a server share. Safe for use by many threads.
 *
 * @param limits the bounds
 * @param tools what all routes share
 * @param clock what time it is
 * @param meter what is counted
 */
public record LaneParts(LaneLimits limits, RouteTools tools, Clock clock, LaneMeter meter) {}
