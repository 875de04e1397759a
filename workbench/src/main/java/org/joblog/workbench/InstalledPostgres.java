package org.joblog.workbench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server of the PostgreSQL that is installed on this machine, with new data and the settings that
 * a new one has. Unlike the embedded one it is what sites run, with lz4. Nobody needs a password,
 * from this machine. Confined to one thread.
 */
final class InstalledPostgres implements AutoCloseable {

  /** Where distributions put the programs, one folder for each major version. */
  private static final List<String> PLACES = List.of("/usr/lib/postgresql", "/usr");

  /** PostgreSQL does not run as root. */
  private static final String ACCOUNT = "postgres";

  private static final long LONGEST_SECONDS = 60;

  private final Path programs;
  private final Path folder;
  private final int port;

  private InstalledPostgres(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Starts a server of the newest version; empty if none is installed. */
  static Optional<InstalledPostgres> start() throws IOException {
    Optional<Path> programs = programs();
    if (programs.isEmpty() || (isRoot() && account().isEmpty())) {
      return Optional.empty();
    }
    Path folder = Files.createTempDirectory("joblog-postgres");
    InstalledPostgres server = new InstalledPostgres(programs.get(), folder, freePort());
    try {
      if (isRoot()) {
        Files.setOwner(folder, account().orElseThrow());
      }
      server.run("initdb", "-U", ACCOUNT, "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8");
      String log = folder.resolve("log").toString();
      server.run("pg_ctl", "-w", "-l", log, "-o", server.options(), "start");
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return Optional.of(server);
  }

  private static Optional<Path> programs() throws IOException {
    List<Path> versions = new ArrayList<>();
    for (String place : PLACES) {
      try (Stream<Path> folders = Files.list(Path.of(place))) {
        folders
            .filter(folder -> folder.toString().matches(".*/(pgsql-)?\\d+"))
            .filter(folder -> Files.isExecutable(folder.resolve("bin/initdb")))
            .forEach(versions::add);
      } catch (NoSuchFileException absent) {
        // Another distribution.
      }
    }
    return versions.stream()
        .max(Comparator.comparingInt(InstalledPostgres::number))
        .map(version -> version.resolve("bin"));
  }

  private static int number(Path version) {
    return Integer.parseInt(version.toString().replaceAll(".*\\D", ""));
  }

  private static Optional<UserPrincipal> account() throws IOException {
    try {
      return Optional.of(
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(ACCOUNT));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String options() {
    return "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s"
        .formatted(port, folder);
  }

  /** {@code host:port}. */
  String address() {
    return "127.0.0.1:" + port;
  }

  private void run(String program, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", ACCOUNT, "--"));
    }
    command.addAll(List.of(programs.resolve(program).toString(), "-D", folder + "/data"));
    command.addAll(List.of(words));
    Path said = folder.resolveSibling(folder.getFileName() + ".said");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command + " has failed: " + Files.readString(said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + command, e);
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /** Ends the server and removes its data. */
  @Override
  public void close() throws IOException {
    try {
      if (Files.exists(folder.resolve("data/postmaster.pid"))) {
        run("pg_ctl", "-w", "-m", "fast", "stop");
      }
    } finally {
      BenchShipper.deleteAll(folder);
    }
  }
}
