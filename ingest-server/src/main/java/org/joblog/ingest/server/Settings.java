package org.joblog.ingest.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.joblog.ingest.batch.BatchLimits;
import org.joblog.ingest.command.CommandLimits;
import org.joblog.ingest.command.CommandReader;
import org.joblog.ingest.config.LimitsConfig;
import org.joblog.ingest.config.ListenConfig;
import org.joblog.ingest.config.ServerConfig;
import org.joblog.ingest.config.SlurmConfig;
import org.joblog.ingest.config.ThroughputConfig;
import org.joblog.ingest.config.ViewingConfig;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.http.HttpLimits;
import org.joblog.ingest.http.HttpSettings;
import org.joblog.ingest.lane.LaneLimits;
import org.joblog.ingest.lane.Lanes;
import org.joblog.ingest.lane.RouteTools;
import org.joblog.ingest.lane.ThroughputLimit;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.net.NetLimits;
import org.joblog.ingest.net.NetSettings;
import org.joblog.ingest.net.TlsSettings;
import org.joblog.ingest.reading.ReadingSettings;
import org.joblog.ingest.repeat.FoldLimits;
import org.joblog.ingest.slurm.SlurmLimits;
import org.joblog.ingest.slurm.SlurmSettings;
import org.joblog.ingest.store.StoreLimits;
import org.joblog.ingest.store.StoreSettings;
import org.joblog.ingest.store.UpkeepLimits;
import org.joblog.ingest.viewing.ViewingLimits;
import org.joblog.ingest.viewing.ViewingSettings;
import org.joblog.schema.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/** Turns what an operator sets into what each room is told. Immutable. */
record Settings(ServerConfig config, int processors) {

  /** As good as no limit, where the operator sets none. */
  private static final long UNLIMITED = Long.MAX_VALUE / 4;

  /** What one store connection more than the writers is for: upkeep, and the poll of Slurm. */
  private static final int SPARE_CONNECTIONS = 2;

  /** A notice is worth a word to the sender when a stop lasts longer than this. */
  private static final Duration PAUSE_NOTICE = Duration.ofMillis(250);

  private static final Duration IDLE_JOB = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** As long as a dashboard's query may take (deploy/postgresql/roles.sql). */
  private static final Duration READING_TIMEOUT = Duration.ofSeconds(30);

  int lanes() {
    return config.lanes().lanesOn(processors);
  }

  StoreSettings store() {
    StoreLimits limits =
        new StoreLimits(
            lanes() * Lanes.DATABASE_THREADS + SPARE_CONNECTIONS,
            config.database().connectTimeout(),
            config.database().statementTimeout(),
            config.database().statementTimeout().plusSeconds(15),
            UpkeepLimits.DEFAULT
                .withRetention(config.retention().keep())
                .withWeeksAhead(config.retention().weeksAhead()));
    return new StoreSettings(
        config.database().url(),
        config.database().user(),
        config.secrets().databasePassword().orElse(""),
        limits);
  }

  /** What the poll is told; empty if no Slurm is to be asked. */
  Optional<SlurmSettings> slurm() {
    SlurmConfig slurm = config.slurm();
    return slurm.isSet()
        ? Optional.of(
            new SlurmSettings(
                slurm.cluster(),
                slurm.command(),
                slurm.interval(),
                slurm.grace(),
                SlurmLimits.DEFAULT))
        : Optional.empty();
  }

  LaneLimits laneLimits() {
    LaneLimits usual = LaneLimits.DEFAULT;
    return new LaneLimits(
        throughput(config.throughput()),
        config.lanes().screenInterval(),
        IDLE_JOB,
        config.limits().streamsPerConnection(),
        usual.noticesPerJob(),
        usual.messagesPerTurn(),
        usual.readyBatchBytes(),
        BatchLimits.DEFAULT);
  }

  RouteTools tools() {
    MetadataLimits metadata = MetadataLimits.DEFAULT;
    return new RouteTools(
        ConsoleLimits.DEFAULTS.withColours(config.rendering().colours()),
        FoldLimits.DEFAULTS,
        metadata,
        new CommandReader(CommandLimits.DEFAULT),
        new RecordReader(metadata));
  }

  /**
   * What the net floor is told.
   *
   * @throws IOException if anybody in the network could send in anybody's name
   */
  NetSettings net() throws IOException {
    ListenConfig listen = config.listen();
    byte[] secret = config.secrets().shipperSecret().orElse("").getBytes(StandardCharsets.UTF_8);
    InetSocketAddress address = new InetSocketAddress(listen.address(), listen.port());
    boolean verified = secret.length > 0 || listen.tlsClientCaFile().isPresent();
    if (!verified && !isLoopback(address) && !listen.believeAnyone()) {
      throw new IOException(
          "listen: shippers are not verified on "
              + listen.address()
              + " (expected: secret_file, JOBLOG_SECRET or tls_client_ca_file, or a loopback"
              + " address, or believe_anyone: true)");
    }
    return new NetSettings(
        address,
        processors,
        secret,
        Set.copyOf(listen.clusters()),
        tls(listen.tlsCertificateFile(), listen.tlsKeyFile(), listen.tlsClientCaFile()),
        netLimits(config.limits()));
  }

  HttpSettings http() {
    HttpLimits usual = HttpLimits.DEFAULT;
    return new HttpSettings(
        new InetSocketAddress(config.http().address(), config.http().port()),
        new HttpLimits(
            config.http().connections(),
            config.http().idleTimeout(),
            usual.requestLineBytes(),
            usual.headerBytes()));
  }

  /** How and where people read jobs; empty if the server is not to show any. */
  Optional<ReadingSettings> reading() {
    ViewingConfig viewing = config.viewing();
    return viewing.enabled()
        ? Optional.of(
            new ReadingSettings(
                config.database().url(),
                viewing.databaseUser(),
                config.secrets().viewingPassword().orElse(""),
                viewing.databaseConnections(),
                config.database().connectTimeout(),
                READING_TIMEOUT))
        : Optional.empty();
  }

  /**
   * What the viewing floor is told.
   *
   * @throws IOException if anybody in the network could read what people see
   */
  ViewingSettings viewing() throws IOException {
    ViewingConfig viewing = config.viewing();
    InetSocketAddress address = new InetSocketAddress(viewing.address(), viewing.port());
    if (!viewing.isSecure() && !isLoopback(address)) {
      throw new IOException(
          "viewing: no TLS on "
              + viewing.address()
              + " (expected: tls_certificate_file, or behind_tls_proxy: true, or a loopback address)");
    }
    return new ViewingSettings(
        address,
        tls(viewing.tlsCertificateFile(), viewing.tlsKeyFile(), Optional.empty()),
        viewing.isSecure(),
        Set.copyOf(viewing.operators()),
        viewing.session(),
        ViewingLimits.DEFAULT);
  }

  private static boolean isLoopback(InetSocketAddress address) {
    return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
  }

  private static ThroughputLimit throughput(ThroughputConfig limit) {
    return new ThroughputLimit(
        orUnlimited(limit.bytesPerSecond().bytes()),
        orUnlimited(limit.linesPerSecond()),
        limit.bytesBurst().bytes(),
        limit.linesBurst());
  }

  private static long orUnlimited(long limit) {
    return limit == 0 ? UNLIMITED : limit;
  }

  private static @Nullable TlsSettings tls(
      Optional<Path> certificate, Optional<Path> key, Optional<Path> clientAuthority) {
    return certificate.isEmpty() || key.isEmpty()
        ? null
        : new TlsSettings(certificate.get(), key.get(), clientAuthority.orElse(null));
  }

  private static NetLimits netLimits(LimitsConfig limits) {
    return new NetLimits(
        WireLimits.MAX_BODY_BYTES,
        limits.connections(),
        limits.memory().bytes(),
        limits.memoryPerJob().bytes(),
        limits.memoryPerConnection().bytes(),
        limits.greetingTimeout(),
        limits.heartbeat(),
        limits.heartbeat().multipliedBy(WireLimits.SILENT_HEARTBEATS),
        PAUSE_NOTICE,
        RETRY);
  }
}
