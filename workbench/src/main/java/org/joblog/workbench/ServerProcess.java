package org.joblog.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code joblog server} in a process of its own, on the classes of this build, with the same ports
 * for its life: it can be killed and started again. Confined to one thread, but for {@link
 * #metric}.
 */
final class ServerProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Path folder;
  private final Path config;
  private final String password;
  private final List<String> javaOptions;
  private final int port = freePort();
  private final int httpPort = freePort();
  private Process process;

  /**
   * What a server is given.
   *
   * @param folder for its configuration and its log; exists
   * @param databaseUrl JDBC address
   * @param password of joblog_writer, may be empty
   * @param settings further sections of the configuration, YAML
   * @param javaOptions of its virtual machine
   */
  record Setup(
      Path folder,
      String databaseUrl,
      String password,
      String settings,
      List<String> javaOptions) {}

  private ServerProcess(Setup setup) throws IOException {
    folder = setup.folder();
    password = setup.password();
    javaOptions = List.copyOf(setup.javaOptions());
    config = folder.resolve("joblog.yaml");
    Files.writeString(
        config,
        """
        listen:
          address: 127.0.0.1
          port: %d
        http:
          address: 127.0.0.1
          port: %d
        database:
          url: %s
          user: joblog_writer
        """
                .formatted(port, httpPort, setup.databaseUrl())
            + setup.settings());
    process = launch();
  }

  /** Starts a server and waits until it answers. */
  static ServerProcess start(Setup setup) throws IOException, InterruptedException {
    ServerProcess server = new ServerProcess(setup);
    server.awaitAnswer();
    return server;
  }

  /** Where shippers connect, on 127.0.0.1. */
  int port() {
    return port;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again, with what it was started with, and waits until it answers. */
  void restart() throws IOException, InterruptedException {
    process = launch();
    awaitAnswer();
  }

  /**
   * The value of a metric without labels.
   *
   * @throws IOException if the server does not answer
   */
  double metric(String name) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IOException("metric: " + name + " (expected: on /metrics)"));
  }

  /** What it logged. */
  String log() {
    try {
      return Files.readString(folder.resolve("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it in order, or for good. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of("org.joblog.ingest.cli.Joblog", "server", "--config", config.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()));
    builder.environment().put("JOBLOG_DATABASE_PASSWORD", password);
    return builder.start();
  }

  private void awaitAnswer() throws InterruptedException {
    long until = System.nanoTime() + START.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IllegalStateException("the server does not start:\n" + log());
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      get("/healthz");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** A port that nobody listens on now. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
