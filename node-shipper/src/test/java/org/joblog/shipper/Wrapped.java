package org.joblog.shipper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real {@code joblog-shipper} on the classes of this build, with outputs into files and a home
 * of its own. Confined to the test's thread.
 */
final class Wrapped {

  static final Path SCRIPT = Path.of("../joblog-shipper").toAbsolutePath().normalize();
  private static final long LONGEST_SECONDS = 60;

  private final Path folder;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private boolean merged;

  /** How it ended, and what is in the files. */
  record Result(int exit, byte[] out, byte[] err) {}

  /** One that was started. */
  final class Running {
    private final Process process;

    private Running(Process process) {
      this.process = process;
    }

    long pid() {
      return process.pid();
    }

    boolean isAlive() {
      return process.isAlive();
    }

    /** Waits for its end. */
    Result await() throws IOException, InterruptedException {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + LONGEST_SECONDS + " s");
      }
      byte[] err = merged ? new byte[0] : Files.readAllBytes(folder.resolve("err"));
      return new Result(process.exitValue(), Files.readAllBytes(folder.resolve("out")), err);
    }
  }

  private Wrapped(Path folder) {
    this.folder = folder;
  }

  /** With an opt-in file. */
  static Wrapped optedIn(Path folder) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve(".logoptin"), "mode: enabled\n");
    return new Wrapped(folder).option("--home", home.toString());
  }

  Wrapped option(String... words) {
    options.addAll(List.of(words));
    return this;
  }

  Wrapped with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Both outputs into one file. */
  Wrapped merged() {
    merged = true;
    return this;
  }

  Running start(String... command) throws IOException {
    return start(List.of(command));
  }

  private Running start(List<String> command) throws IOException {
    // What runs the tests may ignore signals (nohup, a shell's background): the command must not.
    List<String> words =
        new ArrayList<>(List.of("env", "--default-signal", SCRIPT.toString(), "run"));
    words.addAll(options);
    words.add("--");
    words.addAll(command);
    return start(words, folder);
  }

  /** Starts words as they are, with this test's environment and files. */
  Running start(List<String> words, Path workingFolder) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(workingFolder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLURM_"));
    builder.environment().put("JOBLOG_SHIPPER_CLASS_PATH", System.getProperty("java.class.path"));
    builder.environment().put("JOBLOG_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(folder.resolve("out").toFile());
    if (merged) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(folder.resolve("err").toFile());
    }
    return new Running(builder.start());
  }

  /** Runs a command to its end. */
  Result run(String... command) throws IOException, InterruptedException {
    return start(command).await();
  }

  /** Runs a script of the shell to its end. */
  Result sh(String script) throws IOException, InterruptedException {
    return run("sh", "-c", script);
  }
}
