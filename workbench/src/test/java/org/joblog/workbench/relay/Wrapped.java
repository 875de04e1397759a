package org.joblog.workbench.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command under a wrapper, with its outputs in files and a home of its own. Confined to the
 * test's thread.
 */
final class Wrapped {

  private static final long LONGEST_SECONDS = 60;

  private final Path folder;
  private final List<String> words;
  private final Map<String, String> environment = new HashMap<>();
  private boolean merged;

  /** How it ended, and what is in the files. */
  record Result(int exit, byte[] out, byte[] err) {

    String text() {
      return new String(out, StandardCharsets.UTF_8);
    }
  }

  private Wrapped(List<String> program, Path folder) throws IOException {
    this.folder = folder;
    words = new ArrayList<>(program);
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve(".logoptin"), "mode: enabled\n");
    option("--home", home.toString());
  }

  /** With an opt-in file, and the wrapper's peer. */
  static Wrapped of(Wrapper wrapper, Peer peer, Path folder) throws Exception {
    return new Wrapped(wrapper.words(peer, folder), folder);
  }

  /** By a relay that is not the usual one. */
  static Wrapped by(Path relay, Peer peer, Path folder) throws IOException {
    return new Wrapped(List.of(relay.toString(), "run", "--socket", peer.address()), folder);
  }

  Wrapped option(String... more) {
    words.addAll(List.of(more));
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

  /** The wrapper and its options in a line of the shell. */
  String line() {
    return String.join(" ", words) + " -- ";
  }

  Process start(String... command) throws IOException {
    // What runs the tests may ignore signals (nohup, a shell's background): the command must not.
    List<String> all = new ArrayList<>(List.of("env", "--default-signal"));
    all.addAll(words);
    all.add("--");
    all.addAll(List.of(command));
    return launch(all);
  }

  private Process launch(List<String> all) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
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
    return builder.start();
  }

  /** Runs a command to its end. */
  Result run(String... command) throws IOException, InterruptedException {
    return await(start(command));
  }

  /** Runs a script of the shell to its end. */
  Result sh(String script) throws IOException, InterruptedException {
    return run("sh", "-c", script);
  }

  /** Runs a line of the shell in which the wrapper is named. */
  Result shell(String line) throws IOException, InterruptedException {
    return await(startShell(line));
  }

  Process startShell(String line) throws IOException {
    return launch(List.of("env", "--default-signal", "sh", "-c", line));
  }

  Result await(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("still running after " + LONGEST_SECONDS + " s");
    }
    byte[] err = merged ? new byte[0] : Files.readAllBytes(folder.resolve("err"));
    return new Result(process.exitValue(), Files.readAllBytes(folder.resolve("out")), err);
  }
}
