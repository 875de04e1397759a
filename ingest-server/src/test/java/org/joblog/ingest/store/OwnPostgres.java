package org.joblog.ingest.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An embedded PostgreSQL of a test's own, durable (fsync on), on one port for its life, with a kept
 * data folder: it can be stopped, killed and started again. Confined to the thread of its test.
 */
public final class OwnPostgres implements AutoCloseable {

  private final Path dataDirectory;
  private EmbeddedPostgres running;

  private OwnPostgres(Path dataDirectory, EmbeddedPostgres running) {
    this.dataDirectory = dataDirectory;
    this.running = running;
  }

  /** Starts a server with a migrated database; the folder is created if it is not there. */
  public static OwnPostgres start(Path dataDirectory) throws IOException {
    OwnPostgres own = new OwnPostgres(dataDirectory, launch(dataDirectory, 0));
    own.server().prepare(own.server().url("postgres"));
    return own;
  }

  private static EmbeddedPostgres launch(Path dataDirectory, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(dataDirectory)
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setPort(port)
        .start();
  }

  private PostgresServer server() {
    return new PostgresServer("localhost:" + running.getPort(), "postgres", "");
  }

  /** How the ingest server connects. */
  public StoreSettings writer() {
    return new StoreSettings(server().url("postgres"), "joblog_writer", TestPostgres.PASSWORD);
  }

  /** A connection's settings as superuser. */
  public StoreSettings superuser() {
    return new StoreSettings(server().url("postgres"), "postgres", "");
  }

  /** Stops the server in an orderly way; its sessions are cut. */
  public void stop() throws IOException {
    running.close();
  }

  /** Ends the server at once, as kill -9 does: nothing is flushed. */
  public void kill() throws IOException {
    long postmaster =
        Long.parseLong(Files.readAllLines(dataDirectory.resolve("postmaster.pid")).getFirst());
    ProcessHandle server = ProcessHandle.of(postmaster).orElseThrow();
    server.destroyForcibly();
    server.onExit().join();
    stop();
  }

  /** Starts the server again on the same port and folder. */
  public void restart() throws IOException {
    running = launch(dataDirectory, running.getPort());
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
