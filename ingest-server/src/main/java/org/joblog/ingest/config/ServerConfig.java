package org.joblog.ingest.config;

/**
 * All that an operator can set, as it is in force. {@link ConfigFile} reads it. Immutable.
 *
 * @param listen where shippers connect
 * @param http where Prometheus and health checks ask
 * @param database where jobs are kept
 * @param lanes the threads that do the work
 * @param limits bounds on memory and connections
 * @param throughput how much a job may print
 * @param rendering how output becomes lines
 * @param retention how long jobs are kept
 * @param slurm where states of jobs come from
 * @param viewing where people see their own jobs
 * @param secrets what must not be printed, from files and the environment
 */
public record ServerConfig(
    @Section(doc = "Where shippers connect.") ListenConfig listen,
    @Section(doc = "Where Prometheus and health checks ask.") HttpConfig http,
    @Section(doc = "The PostgreSQL database that keeps the jobs.") DatabaseConfig database,
    @Section(doc = "The threads that render, fold and store.") LaneConfig lanes,
    @Section(doc = "Bounds on memory, connections and silence.") LimitsConfig limits,
    @Section(
            doc =
                "How much one job may print. Above it the job is slowed down by backpressure;"
                    + " nothing of its output is dropped, and other jobs keep their speed.")
        ThroughputConfig throughput,
    @Section(doc = "How console output becomes lines.") RenderingConfig rendering,
    @Section(doc = "How long jobs are kept.") RetentionConfig retention,
    @Section(doc = "Where states, names, partitions and nodes of jobs come from: Slurm itself.")
        SlurmConfig slurm,
    @Section(
            doc =
                "Where people see their own jobs, by the command line or on a page; see viewing.md.")
        ViewingConfig viewing,
    Secrets secrets) {}
