package org.joblog.shipper.job;

import java.util.Map;
import java.util.Optional;
import org.joblog.schema.wire.WireLimits;

/**
 * Which job this is, and which part of it. Immutable.
 *
 * @param cluster name of the cluster
 * @param job id as users know it, {@code 123_4} for a task of an array
 * @param restart how often it was requeued
 * @param step Slurm's step id, unsigned
 * @param task global rank
 * @param node name of the node
 * @param name the job's name
 * @param startedMicros when it started, microseconds since the epoch
 * @param fromSlurm whether Slurm said so, rather than options and defaults
 */
public record JobIdentity(
    String cluster,
    String job,
    int restart,
    long step,
    int task,
    String node,
    String name,
    long startedMicros,
    boolean fromSlurm) {

  /** Slurm's number for the batch script. */
  public static final long BATCH_STEP = 0xFFFF_FFFBL;

  /**
   * What is known where Slurm says nothing.
   *
   * @param cluster name of the cluster, or empty
   * @param job id of the job, or empty
   * @param task global rank
   * @param node name of this machine
   * @param name what to call the job
   * @param nowMicros the present time
   * @param generatedJob an id that no other job has
   */
  public record Defaults(
      Optional<String> cluster,
      Optional<String> job,
      int task,
      String node,
      String name,
      long nowMicros,
      String generatedJob) {}

  /** The identity that the environment of a process gives it. */
  public static JobIdentity of(Map<String, String> environment, Defaults defaults) {
    Slurm slurm = new Slurm(environment);
    boolean fromSlurm = defaults.job().isEmpty() && slurm.job().isPresent();
    return fromSlurm ? slurm.identity(defaults) : local(defaults);
  }

  private static JobIdentity local(Defaults defaults) {
    return new JobIdentity(
        identifier(defaults.cluster().orElse("local"), WireLimits.MAX_ID_CHARS),
        identifier(defaults.job().orElse(defaults.generatedJob()), WireLimits.MAX_ID_CHARS),
        0,
        0,
        defaults.task(),
        identifier(defaults.node(), WireLimits.MAX_NAME_BYTES),
        text(defaults.name(), WireLimits.MAX_NAME_BYTES),
        defaults.nowMicros(),
        false);
  }

  /** The job and its run, in words: what all its steps and tasks have in common. */
  public String run() {
    return cluster + "/" + job + "/" + restart;
  }

  /** Slurm's environment, and what is odd about it. */
  private record Slurm(Map<String, String> environment) {

    /**
     * In a heterogeneous job {@code SLURM_JOB_ID} is the leader's in all components, but the leader
     * is named expressly too. Tasks of an array have ids of their own, which nobody knows.
     */
    Optional<String> job() {
      Optional<String> array = value("SLURM_ARRAY_JOB_ID");
      Optional<String> index = value("SLURM_ARRAY_TASK_ID");
      if (array.isPresent() && index.isPresent()) {
        return Optional.of(array.get() + "_" + index.get());
      }
      return value("SLURM_JOB_ID_HET_GROUP_0")
          .or(() -> value("SLURM_JOB_ID"))
          .or(() -> value("SLURM_JOBID"));
    }

    JobIdentity identity(Defaults defaults) {
      return new JobIdentity(
          identifier(
              defaults.cluster().or(() -> value("SLURM_CLUSTER_NAME")).orElse("local"),
              WireLimits.MAX_ID_CHARS),
          identifier(job().orElseThrow(), WireLimits.MAX_ID_CHARS),
          (int) number("SLURM_RESTART_COUNT", Integer.MAX_VALUE).orElse(0L).longValue(),
          step(),
          (int) number("SLURM_PROCID", Integer.MAX_VALUE).orElse(0L).longValue(),
          identifier(value("SLURMD_NODENAME").orElse(defaults.node()), WireLimits.MAX_NAME_BYTES),
          text(value("SLURM_JOB_NAME").orElse(defaults.name()), WireLimits.MAX_NAME_BYTES),
          startedMicros(defaults.nowMicros()),
          true);
    }

    /** A batch script has no step id in its environment. */
    private long step() {
      return number("SLURM_STEP_ID", WireLimits.MAX_STEP)
          .or(() -> number("SLURM_STEPID", WireLimits.MAX_STEP))
          .orElse(BATCH_STEP);
    }

    private long startedMicros(long nowMicros) {
      return number("SLURM_JOB_START_TIME", WireLimits.MAX_MICROS / 1_000_000)
          .map(seconds -> seconds * 1_000_000)
          .orElse(nowMicros);
    }

    private Optional<String> value(String name) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    private Optional<Long> number(String name, long max) {
      try {
        return value(name).map(Long::parseLong).filter(n -> n >= 0 && n <= max);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  /** Fits a value into the alphabet of identifiers; what does not fit becomes an underscore. */
  public static String identifier(String value, int max) {
    String fitting = value.replaceAll("[^A-Za-z0-9_.+-]", "_");
    String cut = fitting.length() > max ? fitting.substring(0, max) : fitting;
    return cut.isEmpty() ? "_" : cut;
  }

  /** Fits a value into a text of the wire: no control characters, cut on a character. */
  public static String text(String value, int maxBytes) {
    StringBuilder text = new StringBuilder();
    int bytes = 0;
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      i += Character.charCount(point);
      boolean odd =
          Character.isISOControl(point)
              || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
      int fitting = odd ? '?' : point;
      bytes += utf8Bytes(fitting);
      if (bytes > maxBytes) {
        break;
      }
      text.appendCodePoint(fitting);
    }
    return text.toString();
  }

  private static int utf8Bytes(int point) {
    if (point < 0x80) {
      return 1;
    }
    if (point < 0x800) {
      return 2;
    }
    return point < 0x10000 ? 3 : 4;
  }
}
