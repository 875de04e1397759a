package org.joblog.ingest.slurm;

import java.time.Duration;

/**
 * What the poll is told. Immutable.
 *
 * @param cluster name of the cluster whose jobs Slurm knows
 * @param command the program squeue
 * @param interval between two questions
 * @param grace how long a job may be unknown to Slurm before it counts as ended
 * @param limits bounds on the program
 */
public record SlurmSettings(
    String cluster, String command, Duration interval, Duration grace, SlurmLimits limits) {}
