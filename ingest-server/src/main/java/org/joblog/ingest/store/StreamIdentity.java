package org.joblog.ingest.store;

import org.joblog.schema.log.StreamKind;

/**
 * Which stream of a job. Immutable.
 *
 * @param step Slurm's step id as an unsigned number; the batch step and the like have their
 *     reserved numbers
 * @param node name of the node
 * @param task global rank of the task, from 0
 * @param kind which output of the task
 * @param source random id of the sending process: two wrapped commands of one step, one after the
 *     other or side by side, are two streams, each counted from 0
 */
public record StreamIdentity(long step, String node, int task, StreamKind kind, long source) {}
