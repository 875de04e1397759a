package org.joblog.ingest.slurm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs Slurm's {@code squeue}: one question about all jobs, as exporters ask it, which needs no
 * accounting database. Immutable.
 */
final class Squeue {

  private static final int SEPARATOR_LETTERS = 28;
  private static final int MOST_OF_AN_ERROR = 300;

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
    Process process = builder(output.format()).start();
    Thread watchdog = Thread.ofVirtual().start(() -> endAtDeadline(process));
    try (Reader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      Map<String, SlurmJob> jobs = output.read(reader);
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException("squeue: exit status %d: %s".formatted(status, complaint(process)));
      }
      return jobs;
    } finally {
      end(process);
      watchdog.interrupt();
    }
  }

  private ProcessBuilder builder(String format) {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command, "-h", "-a", "-t", "all", "-O", format));
    // What an administrator set for people must not change what is asked; times come as seconds.
    builder.environment().keySet().removeIf(name -> name.startsWith("SQUEUE_"));
    builder.environment().put("SLURM_TIME_FORMAT", "%s");
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder;
  }

  private void endAtDeadline(Process process) {
    try {
      if (!process.waitFor(limits.deadline().toMillis(), TimeUnit.MILLISECONDS)) {
        end(process);
      }
    } catch (InterruptedException e) {
      // It ended in time.
    }
  }

  /** Children too: one that holds the output open would be waited for. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** The beginning of what it said: words of Slurm, no text of a job. */
  private static String complaint(Process process) throws IOException {
    try (InputStream error = process.getErrorStream()) {
      return new String(error.readNBytes(MOST_OF_AN_ERROR), StandardCharsets.UTF_8)
          .replaceAll("\\p{Cntrl}+", " ")
          .strip();
    }
  }

  /** Letters only: a digit would be taken for the width of a field. */
  private String separator() {
    return random
        .ints(SEPARATOR_LETTERS, 'a', 'z' + 1)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
