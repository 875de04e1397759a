package org.joblog.workbench.slurm;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joblog.shipper.JoblogShipper;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.Checkout;

/**
 * The real node agent in a process of its own, under the account of the relays, as on a node.
 * Confined to the test's thread.
 */
final class NodeAgent {

  private static final String ACCOUNT = "joblog";
  private static final long LONGEST_SECONDS = 30;

  private final Path folder;
  private final InetSocketAddress server;
  private Process process;

  private NodeAgent(Path folder, InetSocketAddress server) throws Exception {
    this.folder = folder;
    this.server = server;
    process = launch();
  }

  /** Starts it and waits until relays can connect. */
  static NodeAgent start(Path folder, InetSocketAddress server) throws Exception {
    for (String module : List.of("schema", "node-shipper")) {
      copy(Checkout.path(module + "/target/classes"), folder.resolve("agent-classes"));
    }
    Path own = folder.resolve("agent");
    Programs.run(
        List.of("install", "-d", "-o", ACCOUNT, "-g", ACCOUNT, "-m", "0755", own.toString()), "");
    return new NodeAgent(folder, server);
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

  private Process launch() throws Exception {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("setpriv", "--reuid=" + ACCOUNT, "--regid=" + ACCOUNT, "--clear-groups"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx40m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    words.addAll(List.of("-cp", folder.resolve("agent-classes").toString()));
    words.addAll(List.of(JoblogShipper.class.getName(), "agent"));
    words.addAll(List.of("--server", "127.0.0.1:" + server.getPort()));
    words.addAll(List.of("--socket", socket(folder).toString()));
    words.addAll(List.of("--spool-dir", folder.resolve("agent/spool").toString()));
    Process started =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    await()
        .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
        .until(() -> Files.exists(socket(folder)) || !started.isAlive());
    if (!started.isAlive()) {
      throw new AssertionError("the agent has ended: " + Files.readString(log()));
    }
    return started;
  }

  private Path log() {
    return folder.resolve("agent.log");
  }

  /** SIGKILL, and another one in its place. */
  void replace() throws Exception {
    process.destroyForcibly().waitFor();
    process = launch();
  }

  /** Stands still, or goes on. */
  void signal(String name) throws Exception {
    Programs.run(List.of("kill", "-" + name, String.valueOf(process.pid())), "");
  }

  /** SIGKILL. */
  void stop() throws Exception {
    process.destroyForcibly().waitFor();
    Files.deleteIfExists(socket(folder));
  }
}
