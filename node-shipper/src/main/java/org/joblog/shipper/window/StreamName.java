package org.joblog.shipper.window;

import org.joblog.schema.log.StreamKind;

/**
 * Which stream of a job it is. Immutable.
 *
 * @param step Slurm's step id, unsigned
 * @param task global rank
 * @param kind which output
 */
public record StreamName(long step, int task, StreamKind kind) {}
