package org.joblog.workbench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.joblog.ingest.config.ConfigException;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.server.IngestServer;

/**
 * The ingest server of the demo, configured by a file as an operator would. Confined to one thread.
 *
 * @param server the running server
 * @param secret file with what shippers must know
 * @param page the way to the page for browsers
 */
record DemoServer(IngestServer server, Path secret, DemoPage page) implements AutoCloseable {

  private static final int SECRET_BYTES = 24;

  /**
   * Starts it on free ports of this machine.
   *
   * @param folder where its configuration is written
   * @param databaseUrl for JDBC
   */
  static DemoServer start(Path folder, String databaseUrl) throws IOException, ConfigException {
    Path secret = writeSecret(folder.resolve("secret"));
    DemoPage page = DemoPage.prepare(folder);
    Path file =
        Files.writeString(
            folder.resolve("joblog.yaml"),
            """
            listen:
              address: 127.0.0.1
              port: 0
              clusters: [demo]
              secret_file: secret
            http:
              port: 0
            database:
              url: '%s'
            viewing:
              enabled: true
              port: 0
              unmunge_command: '%s'
            """
                .formatted(databaseUrl, page.unmunge().toString().replace("'", "''")));
    return new DemoServer(
        IngestServer.start(ConfigFile.read(file, Map.of()), "demo"), secret, page);
  }

  /** A new secret, readable for this user only from its first byte on. */
  private static Path writeSecret(Path file) throws IOException {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, HexFormat.of().formatHex(random));
  }

  /** Where shippers connect, as they are told. */
  String address() {
    return "127.0.0.1:" + server.address().getPort();
  }

  /** Where its numbers are. */
  String metricsUrl() {
    return "http://127.0.0.1:" + server.httpAddress().getPort() + "/metrics";
  }

  /** Where jobs are shown. */
  URI viewing() {
    return URI.create("http://127.0.0.1:" + server.viewingAddress().orElseThrow().getPort());
  }

  @Override
  public void close() {
    server.close();
  }
}
