package org.joblog.workbench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A step of a job: the plugin's own code in a slurmstepd that only seems to be one, the real relay,
 * and tasks whose outputs are files. Confined to the test's thread.
 */
final class Step {

  static final long BATCH = 0xFFFF_FFFBL;
  private static final long LONGEST_SECONDS = 60;

  private final Path folder;
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private boolean merged;
  private Path out;

  /** How it ended, and what is in the files. */
  record Result(int exit, String out, String err) {}

  private Step(Path folder, String step) {
    this.folder = folder;
    out = folder.resolve("out");
    environment.put("FAKE_STEP", step);
    environment.put("FAKE_HOME", folder.resolve("home").toString());
    environment.put("FAKE_LOG", folder.resolve("log").toString());
  }

  /** Of a job whose user has opted in, unless the test removes the file. */
  static Step of(String step, Peer peer, Path folder) throws Exception {
    Path home = folder.resolve("home");
    if (!Files.exists(home)) {
      Files.createDirectories(home);
      Files.writeString(home.resolve(".logoptin"), "mode: enabled\n");
    }
    return new Step(folder, step)
        .argument("cluster=c")
        .argument("relay=" + RelayBuild.relay())
        .argument("sock=" + peer.address())
        .argument("state=" + folder.resolve("state"))
        .argument("disabled=" + folder.resolve("disabled"));
  }

  /** A later argument goes before an earlier one. */
  Step argument(String argument) {
    arguments.add(argument);
    return this;
  }

  Step with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Both outputs into one file. */
  Step merged() {
    merged = true;
    return this;
  }

  Step into(Path file) {
    out = file;
    return this;
  }

  Process start(String script) throws Exception {
    List<String> words = new ArrayList<>(List.of("env", "--default-signal"));
    words.add(RelayBuild.fakeStepd().toString());
    words.addAll(arguments);
    words.addAll(List.of("--", "sh", "-c", script));
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLURM_"));
    builder.environment().putAll(environment);
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
    if (merged) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(folder.resolve("err").toFile());
    }
    return builder.start();
  }

  Result run(String script) throws Exception {
    return await(start(script));
  }

  Result await(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("still running after " + LONGEST_SECONDS + " s");
    }
    return new Result(
        process.exitValue(),
        Files.isRegularFile(out) ? Files.readString(out) : "",
        merged ? "" : Files.readString(folder.resolve("err")));
  }

  /** What the plugin told slurmd's log. */
  String log() throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
