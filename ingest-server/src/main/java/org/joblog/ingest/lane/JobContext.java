package org.joblog.ingest.lane;

import java.util.function.Consumer;

/**
 * What a job needs of its lane. Confined to its lane's thread.
 *
 * @param limits the lane's bounds
 * @param tools what all routes share
 * @param clock what time it is
 * @param meter what is counted
 * @param timers what is done later
 * @param dirty takes a job that has anything to write
 */
record JobContext(
    LaneLimits limits,
    RouteTools tools,
    Clock clock,
    LaneMeter meter,
    Timers timers,
    Consumer<Job> dirty) {}
