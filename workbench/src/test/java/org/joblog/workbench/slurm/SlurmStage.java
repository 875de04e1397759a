package org.joblog.workbench.slurm;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.joblog.ingest.config.ConfigException;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.server.IngestServer;
import org.joblog.ingest.store.TestPostgres;
import org.joblog.workbench.grafana.Checkout;
import org.joblog.workbench.relay.RelayBuild;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * What takes long to start and serves all tests on the real Slurm: its daemons, a database, the
 * server, and the plugin with its relay where users may look. Confined to the tests' thread.
 */
final class SlurmStage implements AutoCloseable {

  private final SlurmCluster cluster;
  private final TestPostgres postgres;
  private final Path squeue;
  private final Installation installed;
  private int port;
  private @Nullable IngestServer server;

  private SlurmStage(SlurmCluster cluster, TestPostgres postgres) throws Exception {
    this.cluster = cluster;
    this.postgres = postgres;
    Path folder = cluster.folder();
    squeue = folder.resolve("squeue.sh");
    Files.writeString(
        squeue, "#!/bin/sh\nSLURM_CONF=%s/slurm.conf exec squeue \"$@\"\n".formatted(folder));
    Files.setPosixFilePermissions(squeue, PosixFilePermissions.fromString("rwxr-xr-x"));
    installed = Installation.of(cluster, RelayBuild.plugin(), RelayBuild.relay());
    startServer();
  }

  /** Where there is no Slurm or no root tests are left out, and fail in CI. */
  static SlurmStage start() throws Exception {
    String missing = SlurmCluster.missing();
    if (!missing.isEmpty()) {
      Assumptions.assumeTrue(System.getenv("CI") != null, missing);
      throw new AssertionError(missing);
    }
    SlurmCluster cluster = SlurmCluster.start(Checkout.path(""));
    try {
      return new SlurmStage(cluster, TestPostgres.create());
    } catch (Exception | Error e) {
      cluster.stop();
      throw e;
    }
  }

  SlurmCluster cluster() {
    return cluster;
  }

  TestPostgres postgres() {
    return postgres;
  }

  /** Plugin and relay, as a site has them. */
  Installation installed() {
    return installed;
  }

  /** Where the server listens, also while it is stopped. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** Starts the server where it listened before. */
  void startServer() throws IOException, ConfigException {
    server =
        IngestServer.start(
            ConfigFile.parse(
                """
                listen: {address: 127.0.0.1, port: %d}
                http: {port: 0}
                database: {url: '%s'}
                slurm: {cluster: %s, command: %s, interval: 1s, grace: 10s}
                """
                    .formatted(port, postgres.jdbcUrl(), SlurmCluster.NAME, squeue),
                cluster.folder(),
                Map.of("JOBLOG_DATABASE_PASSWORD", postgres.writer().password())),
            "test");
    port = server.address().getPort();
  }

  void stopServer() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  @Override
  public void close() throws IOException {
    stopServer();
    postgres.close();
    try {
      cluster.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the cluster was left: " + cluster.folder());
    }
  }
}
