package org.joblog.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Runs commands under the real shipper. Confined to one thread. */
final class BenchShipper {

  private final Path root;
  private final Path folder;
  private final Path home;
  private final int port;

  /**
   * A shipper.
   *
   * @param root of the checkout
   * @param folder for what it keeps
   * @param port of the server
   */
  BenchShipper(Path root, Path folder, int port) throws IOException {
    this.root = root;
    this.folder = folder;
    this.port = port;
    home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve(".logoptin"), "");
  }

  /** Ships a file as a job, and says how long it took until everything was committed. */
  Duration run(String job, Path file) throws IOException, InterruptedException {
    long start = System.nanoTime();
    int exit = start(job, "cat '" + file + "'").waitFor();
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    if (exit != 0) {
      throw new IOException("exit code of the shipper: " + exit + " (expected: 0)");
    }
    return time;
  }

  /** Starts a shell script as a job. */
  Process start(String job, String script) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                root.resolve("joblog-shipper").toString(),
                "run",
                "--server",
                "127.0.0.1:" + port,
                "--home",
                home.toString(),
                "--cluster",
                "bench",
                "--job",
                job,
                "--drain",
                "600",
                "--spool-dir",
                folder.toString(),
                "--",
                "sh",
                "-c",
                script));
    builder.environment().put("JOBLOG_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JOBLOG_SHIPPER_CLASS_PATH", System.getProperty("java.class.path"));
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve(job + ".err").toFile())
        .start();
  }

  /** Removes a folder and all that is in it. */
  static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
