package org.joblog.ingest.slurm;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of squeue, and how its answer is read. Confined to one thread.
 *
 * <p>A job's name is any text its owner likes: blanks, {@code |}, line ends, a forged record. So
 * fields are separated by a word that is chosen anew for each question, which no name can contain;
 * and the name comes last.
 */
final class SqueueOutput {

  private static final List<String> FIELDS =
      List.of(
          "JobID",
          "ArrayJobID",
          "ArrayTaskID",
          "HetJobID",
          "HetJobOffset",
          "RestartCnt",
          "State",
          "exit_code",
          "UserID",
          "Partition",
          "NodeList",
          "SubmitTime",
          "StartTime",
          "EndTime",
          "Name");

  private static final String TIME = "[0-9]{1,12}";

  private final String separator;
  private final SlurmLimits limits;
  private long read;

  SqueueOutput(String separator, SlurmLimits limits) {
    this.separator = separator;
    this.limits = limits;
  }

  /** The value of the option {@code -O}. */
  String format() {
    return FIELDS.stream().map(field -> field + ":" + separator).collect(Collectors.joining(","));
  }

  /**
   * Reads to the end.
   *
   * @return jobs by id; components of heterogeneous jobs are part of their leaders
   * @throws IOException if it is not what was asked for; never with text of a job
   */
  Map<String, SlurmJob> read(Reader output) throws IOException {
    Map<String, SlurmJob> jobs = new HashMap<>();
    List<SlurmJob> components = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    String field;
    while ((field = field(output)) != null) {
      fields.add(fields.isEmpty() && field.startsWith("\n") ? field.substring(1) : field);
      if (fields.size() == FIELDS.size()) {
        SlurmJob job = job(fields);
        if (job.leader() == null) {
          jobs.put(job.id(), job);
        } else {
          components.add(job);
        }
        fields.clear();
      }
    }
    if (!fields.isEmpty()) {
      throw new IOException(
          "squeue: %d fields (expected: %d)".formatted(fields.size(), FIELDS.size()));
    }
    for (SlurmJob component : components) {
      jobs.computeIfPresent(String.valueOf(component.leader()), (_, job) -> job.with(component));
    }
    return jobs;
  }

  /** The text up to the next separator; null at the end of the output. */
  private @Nullable String field(Reader output) throws IOException {
    StringBuilder text = new StringBuilder();
    int next;
    while ((next = output.read()) >= 0) {
      text.append((char) next);
      if (++read > limits.outputChars() || text.length() > limits.fieldChars()) {
        throw new IOException(
            "squeue: %d characters, %d of them in a field (expected: <= %d, <= %d)"
                .formatted(read, text.length(), limits.outputChars(), limits.fieldChars()));
      }
      int start = text.length() - separator.length();
      if (start >= 0 && text.indexOf(separator, start) == start) {
        text.setLength(start);
        return text.toString();
      }
    }
    if (!text.toString().isBlank()) {
      throw new IOException("squeue: its output ends in the middle of a field");
    }
    return null;
  }

  private static SlurmJob job(List<String> f) throws IOException {
    boolean arrayTask = f.get(2).matches("[0-9]{1,10}");
    boolean component = f.get(4).matches("[1-9][0-9]{0,9}");
    return new SlurmJob(
        arrayTask ? f.get(1) + '_' + f.get(2) : f.get(0),
        component ? f.get(3) : null,
        (int) number(f.get(5), "restart count"),
        f.get(6),
        (int) number(f.get(7), "exit code"),
        number(f.get(8), "uid"),
        f.get(9),
        f.get(10),
        micros(f.get(11)),
        micros(f.get(12)),
        micros(f.get(13)),
        f.get(14));
  }

  private static long number(String text, String what) throws IOException {
    if (!text.matches("[0-9]{1,10}")) {
      throw new IOException(
          "squeue: %s of %d characters (expected: a number)".formatted(what, text.length()));
    }
    return Long.parseLong(text);
  }

  private static @Nullable Long micros(String text) {
    return text.matches(TIME) ? Long.parseLong(text) * 1_000_000 : null;
  }
}
