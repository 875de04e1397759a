package org.joblog.workbench.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A Slurm of two nodes on this machine (bin/slurm-cluster.sh). Safe for use by many threads. */
final class SlurmCluster {

  static final String NAME = "joblogtest";

  private static final Duration LONGEST = Duration.ofSeconds(150);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Path checkout;
  private final Path folder;

  /** The end of a job or of a task of an array, as Slurm tells it. */
  record End(String state, String waitStatus) {

    private static final List<String> GOES_ON =
        List.of("PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED");

    boolean isFinal() {
      return !GOES_ON.contains(state);
    }
  }

  /** A job or a task of an array: how it ended, and how long it ran, to the second. */
  private record Task(End end, Duration took) {}

  private SlurmCluster(Path checkout, Path folder) {
    this.checkout = checkout;
    this.folder = folder;
  }

  /** What is missing here for a Slurm; empty if nothing is. */
  static String missing() {
    return Files.isExecutable(Path.of("/usr/sbin/slurmctld"))
            && System.getProperty("user.name").equals("root")
        ? ""
        : "Slurm and root (expected: as root, Debian: apt-get install slurm-wlm munge libslurm-dev)";
  }

  /** Starts one, with the script of this checkout. */
  static SlurmCluster start(Path checkout) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "joblog-slurm");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    SlurmCluster cluster = new SlurmCluster(checkout, folder);
    try {
      cluster.script("start");
    } catch (IOException | InterruptedException e) {
      cluster.stop();
      throw e;
    }
    return cluster;
  }

  private void script(String action) throws IOException, InterruptedException {
    run(List.of(checkout.resolve("bin/slurm-cluster.sh").toString(), action, folder.toString()));
  }

  /** All its files; everybody may enter. */
  Path folder() {
    return folder;
  }

  /** What slurmstepd and the commands load from now on; empty for nothing. */
  void plugins(String plugstack) throws IOException {
    Files.writeString(folder.resolve("plugstack.conf"), plugstack);
  }

  /** A folder that belongs to a user. */
  Path folderOf(String user, String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve("work").resolve(name));
    own(made, user);
    return made;
  }

  /** Makes a file a user's. */
  void own(Path file, String user) throws IOException {
    Files.setOwner(
        file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
  }

  /** Runs a command as a user in a folder, and gives what it wrote to both outputs. */
  String as(String user, Path in, String... command) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("runuser", "-u", user, "--", "env", "-C", in.toString()));
    words.addAll(List.of(command));
    return run(words);
  }

  /** Submits a job; gives its id. */
  String submit(String user, Path in, List<String> options, String script)
      throws IOException, InterruptedException {
    Path file = in.resolve("job.sh");
    Files.writeString(file, script);
    own(file, user);
    List<String> command = new ArrayList<>(List.of("sbatch", "--parsable"));
    command.addAll(options);
    command.add("job.sh");
    String[] lines = as(user, in, command.toArray(String[]::new)).strip().split("\n", -1);
    return lines[lines.length - 1];
  }

  /** How the tasks of a job ended, in order, once all have; a job that is no array has one. */
  List<End> awaitEnd(String job) throws IOException, InterruptedException {
    return ended(job).stream().map(Task::end).toList();
  }

  /** How long the tasks of a job ran, in order, once all have ended. */
  List<Duration> durations(String job) throws IOException, InterruptedException {
    return ended(job).stream().map(Task::took).toList();
  }

  /** Whether all tasks of a job have ended. */
  boolean hasEnded(String job) throws IOException, InterruptedException {
    List<Task> tasks = tasks(job);
    return !tasks.isEmpty() && tasks.stream().allMatch(task -> task.end().isFinal());
  }

  private List<Task> ended(String job) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!hasEnded(job)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "job " + job + ": " + tasks(job) + " (expected: its end in " + LONGEST + ")");
      }
      TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
    }
    return tasks(job);
  }

  private List<Task> tasks(String job) throws IOException, InterruptedException {
    Map<Integer, Task> tasks = new TreeMap<>();
    String fields = "JobID:~,ArrayJobID:~,ArrayTaskID:~,State:~,exit_code:~,StartTime:~,EndTime:~";
    for (String line : run(List.of("squeue", "-h", "-t", "all", "-O", fields)).split("\n", -1)) {
      String[] f = line.split("~", -1);
      if (f.length >= 7 && f[1].equals(job)) {
        End end = new End(f[3], f[4]);
        int task = f[2].matches("[0-9]+") ? Integer.parseInt(f[2]) : -1;
        tasks.put(task, new Task(end, end.isFinal() ? between(f[5], f[6]) : Duration.ZERO));
      }
    }
    return List.copyOf(tasks.values());
  }

  private static Duration between(String start, String end) {
    return start.startsWith("N/A")
        ? Duration.ZERO
        : Duration.between(LocalDateTime.parse(start), LocalDateTime.parse(end));
  }

  /** States of both nodes, without repeats. */
  List<String> nodeStates() throws IOException, InterruptedException {
    return run(List.of("sinfo", "-h", "-N", "-o", "%T")).lines().distinct().toList();
  }

  /** Runs a program with the environment of the cluster; fails if it fails. */
  String run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("joblog-slurm", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
      builder.environment().put("SLURM_CONF", folder.resolve("slurm.conf").toString());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("longer than " + LONGEST + ": " + command);
      }
      String wrote = Files.readString(out);
      if (process.exitValue() != 0) {
        throw new IOException(
            "exit status " + process.exitValue() + " of " + command + ":\n" + wrote);
      }
      return wrote;
    } finally {
      Files.deleteIfExists(out);
    }
  }

  /** Ends its daemons and removes its files. */
  void stop() throws IOException, InterruptedException {
    script("stop");
    run(List.of("rm", "-rf", folder.toString()));
  }
}
