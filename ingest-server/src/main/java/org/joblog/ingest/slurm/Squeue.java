package org.joblog.ingest.slurm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.joblog.ingest.process.BoundedProcess;

/**
 * Runs Slurm's {@code squeue}: one question about all jobs, as exporters ask it, which needs no
 * accounting database. Immutable.
 */
final class Squeue {

  private static final int SEPARATOR_LETTERS = 28;

  private final SecureRandom random = new SecureRandom();
  private final String command;
  private final SlurmLimits limits;

  Squeue(String command, SlurmLimits limits) {
    this.command = command;
    this.limits = limits;
  }

  /**
   * All jobs that Slurm knows now, by id. Blocks, at most for the deadline.
   *
   * @throws IOException if Slurm does not answer, or not in full
   */
  Map<String, SlurmJob> ask() throws IOException, InterruptedException {
    SqueueOutput output = new SqueueOutput(separator(), limits);
    try (BoundedProcess squeue = BoundedProcess.start(builder(output.format()), limits.deadline());
        Reader reader =
            new BufferedReader(new InputStreamReader(squeue.output(), StandardCharsets.UTF_8))) {
      Map<String, SlurmJob> jobs = output.read(reader);
      int status = squeue.exitStatus();
      if (status != 0) {
        throw new IOException("squeue: exit status %d: %s".formatted(status, squeue.complaint()));
      }
      return jobs;
    }
  }

  private ProcessBuilder builder(String format) {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command, "-h", "-a", "-t", "all", "-O", format));
    // What an administrator set for people must not change what is asked; times come as seconds.
    builder.environment().keySet().removeIf(name -> name.startsWith("SQUEUE_"));
    builder.environment().put("SLURM_TIME_FORMAT", "%s");
    return builder;
  }

  /** Letters only: a digit would be taken for the width of a field. */
  private String separator() {
    return random
        .ints(SEPARATOR_LETTERS, 'a', 'z' + 1)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
