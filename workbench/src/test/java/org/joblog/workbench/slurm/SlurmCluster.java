package org.joblog.workbench.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.joblog.workbench.grafana.Checkout;
import org.junit.jupiter.api.Assumptions;

/** A Slurm of two nodes on this machine (bin/slurm-cluster.sh). Safe for use by many threads. */
final class SlurmCluster {

  static final String NAME = "joblogtest";

  private static final Duration LONGEST = Duration.ofSeconds(120);

  private final Path folder;

  /** The end of a job or of a task of an array, as Slurm tells it. */
  record End(String state, String waitStatus) {}

  private SlurmCluster(Path folder) {
    this.folder = folder;
  }

  /** Starts it; where there is no Slurm or no root the test is left out, and fails in CI. */
  static SlurmCluster start() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/sbin/slurmctld"))
        || !System.getProperty("user.name").equals("root")) {
      String what =
          "Slurm and root (expected: as root, Debian: apt-get install slurm-wlm munge libslurm-dev)";
      Assumptions.assumeTrue(System.getenv("CI") != null, what);
      throw new AssertionError(what);
    }
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "joblog-slurm");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    SlurmCluster cluster = new SlurmCluster(folder);
    try {
      cluster.run(
          List.of(Checkout.path("bin/slurm-cluster.sh").toString(), "start", folder.toString()));
    } catch (Exception | Error e) {
      cluster.stop();
      throw e;
    }
    return cluster;
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
  String as(String user, Path in, String... command) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("runuser", "-u", user, "--", "env", "-C", in.toString()));
    words.addAll(List.of(command));
    return run(words);
  }

  /** Submits a job; gives its id. */
  String submit(String user, Path in, List<String> options, String script) throws Exception {
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
  List<End> awaitEnd(String job) {
    return Awaitility.await("end of job " + job)
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> ends(job),
            ends -> !ends.isEmpty() && ends.stream().noneMatch(SlurmCluster::goesOn));
  }

  private static boolean goesOn(End end) {
    return List.of("PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED")
        .contains(end.state());
  }

  private List<End> ends(String job) throws Exception {
    Map<Integer, End> ends = new TreeMap<>();
    String answer =
        run(
            List.of(
                "squeue",
                "-h",
                "-t",
                "all",
                "-O",
                "JobID:~,ArrayJobID:~,ArrayTaskID:~,State:~,exit_code:~"));
    for (String line : answer.split("\n", -1)) {
      String[] f = line.split("~", -1);
      if (f.length >= 5 && f[1].equals(job)) {
        ends.put(f[2].matches("[0-9]+") ? Integer.parseInt(f[2]) : -1, new End(f[3], f[4]));
      }
    }
    return List.copyOf(ends.values());
  }

  /** States of both nodes, without repeats. */
  List<String> nodeStates() throws Exception {
    return run(List.of("sinfo", "-h", "-N", "-o", "%T")).lines().distinct().toList();
  }

  /** Runs a program with the environment of the cluster; fails if it fails. */
  String run(List<String> command) throws Exception {
    Path out = Files.createTempFile("joblog-slurm", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
      builder.environment().put("SLURM_CONF", folder.resolve("slurm.conf").toString());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("longer than " + LONGEST + ": " + command);
      }
      String wrote = Files.readString(out);
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "exit status " + process.exitValue() + " of " + command + ":\n" + wrote);
      }
      return wrote;
    } finally {
      Files.deleteIfExists(out);
    }
  }

  /** Ends its daemons and removes its files. */
  void stop() throws Exception {
    run(List.of(Checkout.path("bin/slurm-cluster.sh").toString(), "stop", folder.toString()));
    run(List.of("rm", "-rf", folder.toString()));
  }
}
