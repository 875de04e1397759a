package org.joblog.shipper;

import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real {@code joblog-shipper agent} on the classes of this build. Confined to its test's
 * thread.
 */
final class AgentProcess implements Closeable {

  private static final long LONGEST_SECONDS = 30;

  private final Process process;
  private final Path log;

  private AgentProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts one, without waiting for it. */
  static AgentProcess start(Path folder, String server, String... options) throws IOException {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("env", "--default-signal", Wrapped.SCRIPT.toString(), "agent"));
    words.addAll(List.of("--server", server));
    words.addAll(List.of("--socket", socket(folder).toString()));
    words.addAll(List.of("--spool-dir", folder.resolve("spool").toString()));
    words.addAll(List.of(options));
    Path log = Files.createTempFile(folder, "agent", ".log");
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().put("JOBLOG_SHIPPER_CLASS_PATH", System.getProperty("java.class.path"));
    builder.environment().put("JOBLOG_JAVA_HOME", System.getProperty("java.home"));
    return new AgentProcess(builder.start(), log);
  }

  /** Where relays find the agent of a folder. */
  static Path socket(Path folder) {
    return folder.resolve("agent.sock");
  }

  /** What it has said. */
  String log() throws IOException {
    return Files.readString(log);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end; its exit code. */
  int awaitExit() {
    await().atMost(LONGEST_SECONDS, TimeUnit.SECONDS).until(() -> !process.isAlive());
    return process.exitValue();
  }

  /** SIGTERM, as a restart of the service does. */
  void stop() {
    process.destroy();
    awaitExit();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  @Override
  public void close() {
    kill();
  }
}
