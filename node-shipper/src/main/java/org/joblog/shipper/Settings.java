package org.joblog.shipper;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.joblog.shipper.link.Servers;

/**
 * What is asked of the shipper, from options, environment and file, in this order of precedence.
 * Immutable.
 *
 * @param server where to ship to; without it the command just runs
 * @param home where .logoptin is looked for, if not in the home of the password database
 * @param secretFile file with the cluster's secret
 * @param cluster name of the cluster, if not Slurm's
 * @param job id of the job, if not Slurm's
 * @param task global rank where Slurm is not there to say
 * @param spoolFolder where what does not fit into memory is kept; on a local disk
 * @param spoolBytes most that is kept there
 * @param holdBudget how long the job may be held back without progress
 * @param drain how long its end waits for the server without progress
 * @param linger how long its end waits for output of what it left behind
 * @param tls whether to speak TLS
 * @param caFile certificates to trust for TLS, if not the system's
 * @param certificateFile certificate that this node shows, if the server asks for one
 * @param keyFile its key
 * @param logFile where to tell what happens
 * @param verbose whether to tell it on standard error
 */
record Settings(
    Optional<Servers> server,
    Optional<Path> home,
    Optional<Path> secretFile,
    Optional<String> cluster,
    Optional<String> job,
    int task,
    Path spoolFolder,
    long spoolBytes,
    Duration holdBudget,
    Duration drain,
    Duration linger,
    boolean tls,
    Optional<Path> caFile,
    Optional<Path> certificateFile,
    Optional<Path> keyFile,
    Optional<Path> logFile,
    boolean verbose) {}
