package org.joblog.ingest.store;

/**
 * What one run of upkeep did. Immutable.
 *
 * @param partitionsCreated partitions created ahead
 * @param partitionsDropped partitions dropped because all in them is older than the retention
 * @param jobsRemoved jobs removed because nothing of their output is left
 * @param streamsCompacted streams whose small chunks were looked at and joined
 */
public record UpkeepReport(
    int partitionsCreated, int partitionsDropped, int jobsRemoved, int streamsCompacted) {}
