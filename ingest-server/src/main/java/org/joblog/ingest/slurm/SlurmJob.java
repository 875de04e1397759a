package org.joblog.ingest.slurm;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job as squeue shows it. Immutable.
 *
 * @param id as users know it, for an array task {@code 123_4}
 * @param leader id of the first component of a heterogeneous job, if this is a later one
 * @param restart how often it was requeued
 * @param state Slurm's word for its state
 * @param waitStatus its end as {@code wait(2)} tells it
 * @param uid numeric id of its owner
 * @param partition where it runs
 * @param nodes as Slurm writes them
 * @param submittedMicros microseconds since the epoch, null if unknown
 * @param startedMicros likewise; an estimate while it waits
 * @param endedMicros likewise
 * @param name as its owner chose it: any text
 */
record SlurmJob(
    String id,
    @Nullable String leader,
    int restart,
    String state,
    int waitStatus,
    long uid,
    String partition,
    String nodes,
    @Nullable Long submittedMicros,
    @Nullable Long startedMicros,
    @Nullable Long endedMicros,
    String name) {

  /** From which a job goes on, or has not begun. COMPLETING: its end is still being tidied up. */
  private static final Set<String> NOT_OVER =
      Set.of(
          "PENDING",
          "RUNNING",
          "SUSPENDED",
          "COMPLETING",
          "CONFIGURING",
          "RESIZING",
          "RESV_DEL_HOLD",
          "REQUEUE_FED",
          "REQUEUE_HOLD",
          "REQUEUED",
          "SIGNALING",
          "SPECIAL_EXIT",
          "STAGE_OUT",
          "STOPPED");

  boolean isOver() {
    return !NOT_OVER.contains(state);
  }

  /** The exit code, or -1 if a signal ended it. */
  int exitCode() {
    return signal() == 0 ? waitStatus >> 8 & 0xff : -1;
  }

  int signal() {
    return waitStatus & 0x7f;
  }

  /** The whole of a heterogeneous job: this leader with the nodes of one more component. */
  SlurmJob with(SlurmJob component) {
    return new SlurmJob(
        id,
        leader,
        restart,
        state,
        waitStatus,
        uid,
        joined(partition, component.partition),
        joined(nodes, component.nodes),
        submittedMicros,
        startedMicros,
        endedMicros,
        name);
  }

  private static String joined(String one, String other) {
    return other.isEmpty() || one.equals(other) ? one : one.isEmpty() ? other : one + "," + other;
  }
}
