package org.joblog.workbench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command under the real {@code joblog-shipper run}, on the classes of this build, that prints
 * what the test says. Confined to the test's thread.
 */
final class ShippedCommand implements AutoCloseable {

  private static final Path SCRIPT = Path.of("../joblog-shipper").toAbsolutePath().normalize();

  private final Path folder;
  private final String job;
  private final Process process;
  private final OutputStream input;

  private ShippedCommand(Path folder, String job, List<String> command, boolean merged, int port)
      throws IOException {
    this.folder = Files.createDirectories(folder.resolve(job));
    this.job = job;
    Path home = Files.createDirectories(this.folder.resolve("home"));
    Files.writeString(home.resolve(".logoptin"), "");
    List<String> words = new ArrayList<>(List.of(SCRIPT.toString(), "run"));
    words.addAll(List.of("--server", "127.0.0.1:" + port, "--home", home.toString()));
    words.addAll(List.of("--cluster", "proof", "--job", job, "--drain", "600"));
    words.addAll(List.of("--spool-dir", this.folder.toString()));
    words.addAll(List.of("--log-file", file("shipper.log").toString(), "--"));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> name.startsWith("SLURM_"));
    builder.environment().put("JOBLOG_SHIPPER_CLASS_PATH", System.getProperty("java.class.path"));
    builder.environment().put("JOBLOG_JAVA_HOME", System.getProperty("java.home"));
    builder.redirectOutput(file("out").toFile());
    if (merged) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(file("err").toFile());
    }
    process = builder.start();
    input = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
  }

  /** Prints the same on stdout and stderr, which go to two files. */
  static ShippedCommand onBoth(Path folder, String job, int port) throws IOException {
    return new ShippedCommand(folder, job, List.of("tee", "/dev/stderr"), false, port);
  }

  /** Prints on stdout, which goes to one file with stderr. */
  static ShippedCommand combined(Path folder, String job, int port) throws IOException {
    return new ShippedCommand(folder, job, List.of("cat"), true, port);
  }

  /** Prints what a shell script prints, stdout and stderr in two files. */
  static ShippedCommand script(Path folder, String job, int port, String script)
      throws IOException {
    return new ShippedCommand(folder, job, List.of("sh", "-c", script), false, port);
  }

  String job() {
    return job;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** How many bytes the command's own file has by now. */
  long outBytes() throws IOException {
    return Files.size(file("out"));
  }

  /** The command prints something. */
  void print(String text) {
    try {
      input.write(text.getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(job + " has ended early: " + log(), e);
    }
  }

  /** Ends the command; whether the shipper ended well in time. */
  boolean finish(long seconds) throws IOException, InterruptedException {
    input.close();
    return process.waitFor(seconds, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** What the command printed into its own file. */
  String out() throws IOException {
    return Files.readString(file("out"));
  }

  /** What the shipper told about itself. */
  String log() {
    try {
      return Files.exists(file("shipper.log")) ? Files.readString(file("shipper.log")) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
