package org.joblog.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joblog.workbench.grafana.Checkout;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that tests need beside Java. Where one is missing the test says what to install: it
 * fails in CI, and is reported as skipped on a developer's machine, which needs Java and Maven
 * only.
 */
public final class Programs {

  private Programs() {}

  /** promtool or prometheus. */
  public static Path ofPrometheus(String name) {
    return find(
        name,
        "./joblog test brings it from Debian's package prometheus; elsewhere install Prometheus");
  }

  public static Path node() {
    return find("node", "install Node.js 20 or newer, with npm");
  }

  /** munge, unmunge or munged. */
  public static Path ofMunge(String name) {
    return find(name, "./joblog test brings it in CI; elsewhere install MUNGE, Debian: munge");
  }

  /** A browser. */
  public static Path chromium() {
    return find(
        "chromium",
        "./joblog test brings it from Debian's package chromium in CI; elsewhere install Chromium");
  }

  /** Runs make in a folder; what it builds needs a C compiler. */
  public static void make(Path folder, List<String> variables, String... words) throws Exception {
    String remedy =
        "install make and a C compiler with its static library, Debian: gcc make libc6-dev";
    find("cc", remedy);
    List<String> command = new ArrayList<>();
    command.add(find("make", remedy).toString());
    command.addAll(List.of("-s", "-C", folder.toString()));
    command.addAll(variables);
    command.addAll(List.of(words));
    run(command, "");
  }

  /** The folder that holds the libraries for Node.js: Grafana's, and one that drives browsers. */
  public static Path nodeLibraries() {
    String named = System.getenv("JOBLOG_NODE_LIBRARIES");
    Path folder =
        named == null || named.isEmpty() ? Checkout.path(".joblog/tools/node") : Path.of(named);
    if (!Files.exists(folder.resolve("complete"))) {
      missing(
          "the libraries of workbench/src/test/node (expected: ./joblog test brings them with npm; where there is no npm install"
              + " Node.js 20 or newer, then run bin/get-node-libraries.sh)");
    }
    return folder;
  }

  private static Path find(String name, String remedy) {
    Optional<Path> found =
        Stream.concat(
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)).map(Path::of),
                Stream.of(Path.of("/usr/sbin"), Checkout.path(".joblog/tools")))
            .map(folder -> folder.resolve(name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      missing(name + " on the PATH (expected: " + remedy + ")");
    }
    return found.orElseThrow().toAbsolutePath();
  }

  private static void missing(String what) {
    if (System.getenv("CI") == null) {
      Assumptions.abort(what);
    }
    throw new AssertionError(what);
  }

  /** Runs a program to its end, and returns what it wrote to both outputs; fails if it fails. */
  public static String run(List<String> command, String input) throws Exception {
    Path in = Files.createTempFile("joblog", ".in");
    Path out = Files.createTempFile("joblog", ".out");
    try {
      Files.writeString(in, input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      process.destroyForcibly();
      String said = Files.readString(out);
      assertThat(ended).as("%s ended; it said: %s", command, said).isTrue();
      assertThat(process.exitValue()).as("%s said: %s", command, said).isZero();
      return said;
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }
}
