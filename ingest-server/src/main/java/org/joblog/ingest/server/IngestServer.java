package org.joblog.ingest.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.joblog.ingest.config.ServerConfig;
import org.joblog.ingest.http.HttpServer;
import org.joblog.ingest.identity.Munge;
import org.joblog.ingest.lane.Clock;
import org.joblog.ingest.lane.LaneParts;
import org.joblog.ingest.lane.Lanes;
import org.joblog.ingest.metrics.Readings;
import org.joblog.ingest.metrics.ServerMetrics;
import org.joblog.ingest.net.NetSettings;
import org.joblog.ingest.net.ShipperListener;
import org.joblog.ingest.reading.JobReader;
import org.joblog.ingest.reading.ReadingSettings;
import org.joblog.ingest.slurm.SlurmPoll;
import org.joblog.ingest.store.ModeListener;
import org.joblog.ingest.store.PostgresStore;
import org.joblog.ingest.store.UpkeepSchedule;
import org.joblog.ingest.viewing.ViewingServer;
import org.joblog.schema.options.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server. Its parts start in the order in which {@link #start} writes them down, and
 * close in reverse; the database need not be there when it starts. Safe for use by many threads.
 */
public final class IngestServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IngestServer.class);

  /** Small chunks wait no longer than this to be joined, as a rule; a run is bounded work. */
  private static final Duration UPKEEP_EVERY = Duration.ofMinutes(1);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Duration shutdownTimeout;
  private final ShipperListener listener;
  private final HttpServer http;
  private final Optional<ViewingServer> viewing;
  private final Lanes lanes;
  private final ModeListener modes;
  private volatile boolean accepting = true;

  private IngestServer(ServerConfig config, String version) throws IOException {
    shutdownTimeout = config.lanes().shutdownTimeout();
    Settings settings = new Settings(config, Runtime.getRuntime().availableProcessors());
    try {
      ServerMetrics metrics = part(new ServerMetrics(version));
      Meters meters = new Meters(metrics);
      PostgresStore store = part(PostgresStore.open(settings.store(), InstantSource.system()));
      part(UpkeepSchedule.start(store, UPKEEP_EVERY));
      settings.slurm().ifPresent(slurm -> part(SlurmPoll.start(store, slurm)));
      lanes =
          part(
              new Lanes(
                  settings.lanes(),
                  new LaneParts(settings.laneLimits(), settings.tools(), Clock.SYSTEM, meters),
                  store));
      modes = part(ModeListener.start(settings.store(), new ModeOutlet(lanes)));
      NetSettings net = settings.net();
      listener = part(ShipperListener.start(net, lanes, meters));
      metrics.observe(
          new Gauges(lanes, listener, this::databaseAnswers, net.limits().globalBytes()));
      http = part(HttpServer.start(settings.http(), metrics::scrape, health(config)));
      viewing = startViewing(settings, config, meters);
    } catch (IOException | RuntimeException e) {
      closeParts();
      throw e;
    }
    LOG.info("listening for shippers on {}, for HTTP on {}", address(), httpAddress());
    viewing.ifPresent(shown -> LOG.info("showing people their jobs on {}", shown.address()));
  }

  private Optional<ViewingServer> startViewing(
      Settings settings, ServerConfig config, Meters meters) throws IOException {
    Optional<ReadingSettings> reading = settings.reading();
    if (reading.isEmpty()) {
      return Optional.empty();
    }
    JobReader reader = part(JobReader.open(reading.get()));
    Munge munge = new Munge(config.viewing().unmungeCommand());
    return Optional.of(
        part(
            ViewingServer.start(
                settings.viewing(), munge, reader, InstantSource.system(), meters)));
  }

  /**
   * Starts a server.
   *
   * @param version of the program, for its metrics
   * @throws IOException if an address is taken or a file cannot be read; what had been started is
   *     closed again
   */
  public static IngestServer start(ServerConfig config, String version) throws IOException {
    return new IngestServer(config, version);
  }

  /** Where shippers connect. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** Where Prometheus asks. */
  public InetSocketAddress httpAddress() {
    return http.address();
  }

  /** Where people are shown their jobs; empty if they are not. */
  public Optional<InetSocketAddress> viewingAddress() {
    return viewing.map(ViewingServer::address);
  }

  /** Completes if the server is of no use any more and the process had better end. */
  public CompletableFuture<Throwable> failure() {
    return lanes.failure();
  }

  /**
   * Takes no more, commits and acknowledges what came, says goodbye, and closes all parts. What
   * cannot be committed in the time that the configuration gives stays with the senders.
   */
  @Override
  public void close() {
    accepting = false;
    listener.stopAccepting();
    lanes.drain(shutdownTimeout);
    closeParts();
    LOG.info("stopped");
  }

  private Health health(ServerConfig config) {
    return new Health(
        lanes::oldestUncommittedNanos,
        config.http().oldestUncommitted(),
        () -> lanes.failure().isDone(),
        this::databaseAnswers,
        () -> accepting);
  }

  /** Without any job the lanes ask nothing of the database; the listener always does. */
  private boolean databaseAnswers() {
    return lanes.storeAnswers() && modes.isConnected();
  }

  private <T extends AutoCloseable> T part(T started) {
    parts.push(started);
    return started;
  }

  /** No failure hides another, and none keeps the rest open. */
  private void closeParts() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close", part.getClass().getSimpleName(), e);
      }
    }
    parts.clear();
  }

  /** Tells the lanes that modes changed somewhere; they ask the store what they are. */
  private record ModeOutlet(Lanes lanes) implements ModeListener.Outlet {

    @Override
    public void modeChanged(long jobKey, Mode mode) {
      lanes.modesMayHaveChanged(Set.of(jobKey));
    }

    @Override
    public void changesMayBeMissing() {
      lanes.modesMayHaveChanged(Set.of());
    }
  }

  /** What is measured when Prometheus asks. */
  private record Gauges(
      Lanes lanes, ShipperListener listener, BooleanSupplier databaseUp, long queueLimitBytes)
      implements Readings {

    @Override
    public double oldestUncommittedSeconds() {
      return lanes.oldestUncommittedNanos() / 1e9;
    }

    @Override
    public long queueBytes() {
      return listener.queuedBytes();
    }

    @Override
    public long directMemoryUsedBytes() {
      return ShipperListener.directMemoryUsedBytes();
    }

    @Override
    public long directMemoryPinnedBytes() {
      return ShipperListener.directMemoryPinnedBytes();
    }

    @Override
    public boolean databaseReachable() {
      return databaseUp.getAsBoolean();
    }
  }
}
