package org.joblog.workbench.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joblog.workbench.Median;
import org.joblog.workbench.ProcessReading;
import org.joblog.workbench.SinkServer;

/**
 * What a captured job costs on a real Slurm, against the same job without the plugin in the same
 * run: the start of a step, CPU time while a job prints steadily, and throughput at full speed. The
 * agent is the real one; the server behind it acknowledges everything at once. {@code ./joblog
 * bench-slurm} runs it, as root.
 */
public final class SlurmBenchmark {

  private static final int LAUNCHES = 20;
  private static final int ROUNDS = 5;

  /** Lines a second that a job prints while it is watched. */
  private static final List<Integer> RATES = List.of(1_000, 10_000, 50_000);

  private static final long WATCHED_SECONDS = 10;
  private static final int BATCH_MIB = 1024;
  private static final int STEP_MIB = 256;
  private static final String LINE = "x".repeat(63);

  private final SlurmCluster cluster;
  private final Installation installed;
  private final NodeAgent agent;

  private SlurmBenchmark(SlurmCluster cluster, Installation installed, NodeAgent agent) {
    this.cluster = cluster;
    this.installed = installed;
    this.agent = agent;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    String missing = SlurmCluster.missing();
    if (!missing.isEmpty()) {
      System.err.println("joblog bench-slurm: needs " + missing);
      System.exit(1);
    }
    Path checkout = Path.of(args[0]).toAbsolutePath();
    SlurmCluster cluster = SlurmCluster.start(checkout);
    Path optIn = Path.of("/home/alice/.logoptin");
    boolean added = Files.notExists(optIn);
    try (SinkServer sink = new SinkServer()) {
      Path build = cluster.folder().resolve("build");
      cluster.run(List.of("make", "-s", "-C", checkout + "/deploy/slurm", "BUILD=" + build));
      Installation installed =
          Installation.of(cluster, build.resolve("spank_joblog.so"), build.resolve("joblog-relay"));
      NodeAgent agent = NodeAgent.start(checkout, cluster, sink.address());
      try {
        if (added) {
          Files.createFile(optIn);
        }
        new SlurmBenchmark(cluster, installed, agent).run();
      } finally {
        agent.stop();
      }
    } finally {
      if (added) {
        Files.deleteIfExists(optIn);
      }
      cluster.stop();
    }
  }

  private void run() throws IOException, InterruptedException {
    launches();
    rates();
    throughput();
  }

  private void plugin(boolean loaded) throws IOException {
    cluster.plugins(loaded ? installed.plugstack() : "");
  }

  // The start of a step

  private void launches() throws IOException, InterruptedException {
    System.out.println(
        "| median of " + LAUNCHES + " | without the plugin ms | captured ms | not opted in ms |");
    System.out.println("|---|---|---|---|");
    for (int tasks : List.of(1, 8)) {
      List<Double> without = new ArrayList<>();
      List<Double> captured = new ArrayList<>();
      List<Double> declined = new ArrayList<>();
      for (int launch = 0; launch < LAUNCHES; launch++) {
        plugin(false);
        without.add(launchMillis("alice", tasks));
        plugin(true);
        captured.add(launchMillis("alice", tasks));
        declined.add(launchMillis("bob", tasks));
      }
      System.out.printf(
          Locale.ROOT,
          "| `srun -n%d true` | %.0f | %.0f | %.0f |%n",
          tasks,
          Median.of(without),
          Median.of(captured),
          Median.of(declined));
    }
    System.out.println();
  }

  private double launchMillis(String user, int tasks) throws IOException, InterruptedException {
    Path folder = cluster.folderOf(user, "launch-" + user);
    long start = System.nanoTime();
    cluster.as(user, folder, "srun", "-n" + tasks, "true");
    return (System.nanoTime() - start) / 1e6;
  }

  // CPU time at a rate

  /** What was taken, in seconds of CPU time. */
  private record Taken(double relays, double agent, double machine) {}

  private void rates() throws IOException, InterruptedException {
    System.out.println(
        "| lines a second | core in percent: relay | agent | whole machine, without the plugin | with it |");
    System.out.println("|---|---|---|---|---|");
    for (int rate : RATES) {
      plugin(false);
      Taken without = watch("rate-without-" + rate, rate);
      plugin(true);
      Taken with = watch("rate-with-" + rate, rate);
      System.out.printf(
          Locale.ROOT,
          "| %,d | %.1f | %.1f | %.0f | %.0f |%n",
          rate,
          percent(with.relays()),
          percent(with.agent()),
          percent(without.machine()),
          percent(with.machine()));
    }
    System.out.println();
  }

  private static double percent(double cpuSeconds) {
    return 100 * cpuSeconds / WATCHED_SECONDS;
  }

  /** Each line is a write of its own, as of a program that flushes. */
  private Taken watch(String name, int rate) throws IOException, InterruptedException {
    Path folder = cluster.folderOf("alice", name);
    Files.writeString(folder.resolve("tenth"), (LINE + "\n").repeat(rate / 10));
    String job =
        submit(
            folder,
            "for i in {1..%d}; do".formatted(10 * (WATCHED_SECONDS + 10)),
            "  sleep 0.1 & awk '{ print; fflush() }' tenth; wait",
            "done");
    awaitOutput(folder);
    Taken before = taken();
    TimeUnit.SECONDS.sleep(WATCHED_SECONDS);
    Taken after = taken();
    cluster.run(List.of("scancel", job));
    cluster.awaitEnd(job);
    return new Taken(
        after.relays() - before.relays(),
        after.agent() - before.agent(),
        after.machine() - before.machine());
  }

  private static void awaitOutput(Path folder) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    for (int looks = 0; Files.notExists(out) || Files.size(out) == 0; looks++) {
      if (looks > 600) {
        throw new IOException(out + ": nothing (expected: lines within a minute)");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private Taken taken() throws IOException {
    double relays = 0;
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      for (ProcessHandle process : all.toList()) {
        relays +=
            installed.isRelay(process.pid()) ? ProcessReading.of(process.pid()).cpuSeconds() : 0;
      }
    }
    return new Taken(relays, ProcessReading.of(agent.pid()).cpuSeconds(), machine());
  }

  /** All processors, without waiting; proc(5), /proc/stat: user nice system idle iowait irq … */
  private static double machine() throws IOException {
    String[] words = Files.readString(Path.of("/proc/stat")).split("\n", 2)[0].split(" +", -1);
    long busy = 0;
    for (int i = 1; i <= 7; i++) {
      busy += i == 4 || i == 5 ? 0 : Long.parseLong(words[i]);
    }
    return busy / 100.0;
  }

  // Full speed

  private void throughput() throws IOException, InterruptedException {
    System.out.println("| median of " + ROUNDS + " | without MB/s | with MB/s | ratio, medians |");
    System.out.println("|---|---|---|---|");
    throughput(
        "batch job into its file, lines of 64 bytes, %,d MiB".formatted(BATCH_MIB),
        BATCH_MIB,
        "yes %s | head -c %dM".formatted(LINE, BATCH_MIB));
    throughput(
        "the same through srun, %,d MiB".formatted(STEP_MIB),
        STEP_MIB,
        "srun bash -c 'yes %s | head -c %dM'".formatted(LINE, STEP_MIB));
  }

  private void throughput(String title, int mebibytes, String command)
      throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      plugin(false);
      double they = rate(command, mebibytes);
      plugin(true);
      double we = rate(command, mebibytes);
      without.add(they);
      with.add(we);
      ratios.add(we / they);
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.2f |%n",
        title,
        Median.of(without),
        Median.of(with),
        Median.of(ratios));
  }

  /** MB/s by the job's own clock, which it stops when all is printed. */
  private double rate(String command, int mebibytes) throws IOException, InterruptedException {
    Path folder = cluster.folderOf("alice", "speed");
    String job =
        submit(folder, "start=$(date +%s%N)", command, "echo $(($(date +%s%N) - start)) > nanos");
    cluster.awaitEnd(job);
    long nanos = Long.parseLong(Files.readString(folder.resolve("nanos")).strip());
    long printed = Files.size(folder.resolve("out"));
    if (printed != (long) mebibytes << 20) {
      throw new IOException("printed: " + printed + " bytes (expected: " + mebibytes + " MiB)");
    }
    cluster.run(List.of("rm", "-rf", folder.toString()));
    return printed / 1e6 / (nanos / 1e9);
  }

  private String submit(Path folder, String... lines) throws IOException, InterruptedException {
    return cluster.submit(
        "alice", folder, List.of("-o", "out"), "#!/bin/bash\n" + String.join("\n", lines) + "\n");
  }
}
