package org.joblog.workbench.viewing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import org.joblog.workbench.Programs;

/** A real munged of its own, with a key of its own. Confined to one thread. */
final class Munged implements AutoCloseable {

  private static final int KEY_BYTES = 1_024;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Process daemon;

  /**
   * Starts it, and waits until it answers.
   *
   * @param folder an empty one
   */
  Munged(Path folder) throws IOException {
    this.folder = folder;
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Files.write(folder.resolve("key"), key);
    Files.setPosixFilePermissions(
        folder.resolve("key"), PosixFilePermissions.fromString("rw-------"));
    // Other accounts of this machine own the folders above, which munged would complain of.
    daemon =
        new ProcessBuilder(
                Programs.ofMunge("munged").toString(),
                "--foreground",
                "--force",
                "--key-file=" + folder.resolve("key"),
                "--socket=" + socket(),
                "--pid-file=" + folder.resolve("pid"),
                "--log-file=" + folder.resolve("log"),
                "--seed-file=" + folder.resolve("seed"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    await().atMost(PATIENCE).until(() -> Files.exists(socket()) || !daemon.isAlive());
    if (!daemon.isAlive()) {
      throw new IOException("munged: " + Files.readString(folder.resolve("out")));
    }
  }

  private Path socket() {
    return folder.resolve("socket");
  }

  /** munge or unmunge, which ask this one. */
  Path program(String name) throws IOException {
    String script =
        "#!/bin/sh\nexec '%s' -S '%s' \"$@\"\n".formatted(Programs.ofMunge(name), socket());
    Path file = Files.writeString(folder.resolve(name), script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Override
  public void close() throws IOException {
    daemon.destroy();
    daemon.onExit().join();
  }
}
