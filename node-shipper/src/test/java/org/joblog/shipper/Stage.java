package org.joblog.shipper;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test of a wrapped command stands on: a folder of its own, with a home that has opted in,
 * and a server. Confined to its test's thread.
 */
final class Stage implements BeforeEachCallback, AfterEachCallback {

  /** What a held command prints before it waits for {@link #letGo}. */
  static final String FIRST = "first\n";

  private static final long LONGEST_SECONDS = 30;

  private final List<String> options;
  private Path folder = Path.of("");
  private Peer peer;

  /**
   * A stage that is set before each test.
   *
   * @param options of every wrapped command, besides its home and its server; {@code %s} is the
   *     test's folder
   */
  Stage(String... options) {
    this.options = List.of(options);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("stage");
    peer = new Peer();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    peer.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  Peer peer() {
    return peer;
  }

  /** A file in the test's folder, in which commands run. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** The command's standard output, as far as it is written. */
  Path out() {
    return file("out");
  }

  /** A command that will be wrapped for this stage's server. */
  Wrapped wrapped() throws IOException {
    Wrapped wrapped = Wrapped.optedIn(folder).option("--server", peer.address());
    options.forEach(word -> wrapped.option(word.replace("%s", folder.toString())));
    return wrapped;
  }

  /** Runs a line of the shell, which may hold {@link #wrapper}. */
  Wrapped.Result shell(String line) throws IOException, InterruptedException {
    return wrapped().start(List.of("sh", "-c", line), folder).await();
  }

  /** The words that wrap what follows them in a shell's line. */
  String wrapper() {
    return Wrapped.SCRIPT + words();
  }

  /** The words after the program's name. */
  String words() {
    return " run --home " + file("home") + " --server " + peer.address() + " -- ";
  }

  /** Starts a script that prints a first line, which the server gets, and waits. */
  Wrapped.Running hold(Wrapped wrapped, String script) throws IOException {
    Wrapped.Running running =
        wrapped.start(
            "sh",
            "-c",
            "echo first; while [ ! -e " + file("go") + " ]; do sleep 0.05; done; " + script);
    await()
        .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
        .until(() -> peer.offset(StreamKind.STDOUT) == FIRST.length());
    return running;
  }

  /** Lets a held command go on. */
  void letGo() throws IOException {
    Files.createFile(file("go"));
  }

  /** Waits until the command's own output has so many bytes. */
  void awaitOutput(long bytes) {
    await()
        .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
        .until(() -> Files.exists(out()) && Files.size(out()) >= bytes);
  }

  /** Waits until the command's own output contains a text. */
  void awaitOutput(String text) {
    await()
        .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
        .until(() -> Files.readString(out()).contains(text));
  }
}
