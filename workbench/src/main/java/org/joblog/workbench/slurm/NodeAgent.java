package org.joblog.workbench.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joblog.shipper.JoblogShipper;

/**
 * The real node agent in a process of its own, under the account of the relays, as on a node.
 * Confined to one thread.
 */
final class NodeAgent {

  private static final String ACCOUNT = "joblog";
  private static final long LONGEST_SECONDS = 30;

  private final SlurmCluster cluster;
  private final List<String> command;
  private Process process;

  private NodeAgent(SlurmCluster cluster, List<String> command)
      throws IOException, InterruptedException {
    this.cluster = cluster;
    this.command = command;
    process = launch();
  }

  /**
   * Starts it with these options beside the usual ones, and waits until relays can connect.
   *
   * @param server HOST:PORT
   */
  static NodeAgent start(Path checkout, SlurmCluster cluster, String server, String... options)
      throws IOException, InterruptedException {
    Path folder = cluster.folder();
    Path classes = folder.resolve("agent-classes");
    for (String module : List.of("schema", "node-shipper")) {
      copy(checkout.resolve(module + "/target/classes"), classes);
    }
    cluster.run(
        List.of("install", "-d", "-o", ACCOUNT, "-g", ACCOUNT, "-m", "0755", folder + "/agent"));
    List<String> words = new ArrayList<>();
    words.addAll(List.of("setpriv", "--reuid=" + ACCOUNT, "--regid=" + ACCOUNT, "--clear-groups"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx40m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    words.addAll(List.of("-cp", classes.toString(), JoblogShipper.class.getName(), "agent"));
    words.addAll(List.of("--server", server));
    words.addAll(List.of("--socket", socket(folder).toString()));
    words.addAll(List.of("--spool-dir", folder.resolve("agent/spool").toString()));
    words.addAll(List.of(options));
    return new NodeAgent(cluster, words);
  }

  /** Where relays find it. */
  static Path socket(Path folder) {
    return folder.resolve("agent/agent.sock");
  }

  /** The checkout may lie where that account may not look. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private Process launch() throws IOException, InterruptedException {
    Process started =
        new ProcessBuilder(command)
            .directory(cluster.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!Files.exists(socket(cluster.folder()))) {
      if (started.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        started.destroyForcibly();
        throw new IOException("the agent opens no socket: " + Files.readString(log()));
      }
    }
    return started;
  }

  private Path log() {
    return cluster.folder().resolve("agent.log");
  }

  /** Its process. */
  long pid() {
    return process.pid();
  }

  /** SIGKILL, and another one in its place, which finds the socket of the one before. */
  void replace() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    process = launch();
  }

  /** Stands still, or goes on. */
  void signal(String name) throws IOException, InterruptedException {
    cluster.run(List.of("kill", "-" + name, String.valueOf(process.pid())));
  }

  /** SIGKILL. */
  void stop() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    Files.deleteIfExists(socket(cluster.folder()));
  }
}
