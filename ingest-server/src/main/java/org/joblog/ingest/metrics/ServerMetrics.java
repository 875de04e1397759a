package org.joblog.ingest.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;

/**
 * All numbers of one server. Labels come from fixed sets, never from what jobs are called: a label
 * with job ids would grow for ever, and numbers of single jobs are in the database. Safe for use by
 * many threads; counting never waits.
 */
public final class ServerMetrics implements AutoCloseable {

  /** What {@link #scrape} writes: Prometheus' text format. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** From a commit on a fast disk to a database in trouble. */
  private static final Duration[] COMMIT_BUCKETS =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000);

  /** From one line to all that a lane may hold. */
  private static final double[] BATCH_BUCKETS = {
    1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  private final Counter receivedFrames;
  private final Counter receivedBytes;
  private final Counter receivedOutput;
  private final Map<RefusalCode, Counter> refusals;
  private final Map<PauseReason, Counter> pauses;
  private final Timer commits;
  private final DistributionSummary batches;
  private final Counter committedOutput;
  private final Counter committedLines;
  private final Counter committedRecords;
  private final Counter storeFailures;
  private final AtomicInteger connections;
  private final AtomicInteger streams;
  private final AtomicInteger jobs;
  private final AtomicInteger throttledJobs;
  private final Map<ViewingOutcome, Counter> viewings;

  /**
   * @param version of the program
   */
  public ServerMetrics(String version) {
    // promtool refuses their names: _count belongs to histograms, _ns is an abbreviated unit.
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"))
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    receivedFrames = counter("received.frames", "Frames received from shippers");
    receivedBytes = bytes("received", "Bytes received from shippers, frame headers included");
    receivedOutput = bytes("received.output", "Bytes of job output received, repetitions included");
    refusals =
        counters(
            RefusalCode.class, "refused.connections", "reason", "Connections refused, by reason");
    pauses =
        counters(
            PauseReason.class, "pauses", "reason", "Times a sender was told to wait, by reason");
    commits = commitTimer();
    batches = batchSizes();
    committedOutput = bytes("committed.output", "Bytes of job output whose effects are durable");
    committedLines = counter("committed.lines", "Lines of scrollback written");
    committedRecords = counter("committed.records", "Metadata records written");
    storeFailures = counter("store.failures", "Calls that the database could not take; repeated");
    connections = gauge("connections", "Connections of shippers now");
    streams = gauge("streams", "Streams that are open now");
    jobs = gauge("jobs", "Jobs in memory now");
    throttledJobs = gauge("throttled.jobs", "Jobs that are slowed by their limit now");
    viewings =
        counters(
            ViewingOutcome.class, "viewing.answers", "outcome", "Answers to viewers, by outcome");
    bindPlatform(version);
  }

  /** Begins to show what is measured on demand. To be called once, when the server is wired. */
  public void observe(Readings readings) {
    reading(
        "oldest.uncommitted",
        "seconds",
        "Age of the received byte that waits longest for its commit",
        readings,
        Readings::oldestUncommittedSeconds);
    reading("queue", "bytes", "Received and not yet committed", readings, Readings::queueBytes);
    reading(
        "queue.limit",
        "bytes",
        "Bound of joblog_queue_bytes, where senders wait",
        readings,
        Readings::queueLimitBytes);
    reading(
        "direct.memory.used",
        "bytes",
        "Direct memory that the network's allocator holds",
        readings,
        Readings::directMemoryUsedBytes);
    reading(
        "direct.memory.pinned",
        "bytes",
        "Direct memory in use by buffers",
        readings,
        Readings::directMemoryPinnedBytes);
    reading(
        "database.up",
        "",
        "1 if the database answered last time, else 0",
        readings,
        r -> r.databaseReachable() ? 1 : 0);
  }

  /** A frame of so many bytes, header included, came. */
  public void receivedFrame(int frameBytes) {
    receivedFrames.increment();
    receivedBytes.increment(frameBytes);
  }

  /** So many bytes of output came. */
  public void receivedOutput(int outputBytes) {
    receivedOutput.increment(outputBytes);
  }

  /** A viewer was answered. */
  public void viewed(ViewingOutcome outcome) {
    count(viewings, outcome);
  }

  /** A connection was refused. */
  public void refused(RefusalCode reason) {
    count(refusals, reason);
  }

  /** A sender was told to wait. */
  public void paused(PauseReason reason) {
    count(pauses, reason);
  }

  /** A batch of so many bytes of output is durable. */
  public void committed(long nanos, long outputBytes, long lines, long records) {
    commits.record(Duration.ofNanos(nanos));
    batches.record((double) outputBytes);
    committedOutput.increment((double) outputBytes);
    committedLines.increment((double) lines);
    committedRecords.increment((double) records);
  }

  /** The database could not take a call; it is repeated. */
  public void storeUnavailable() {
    storeFailures.increment();
  }

  /** So many connections came, or went if negative. */
  public void connections(int change) {
    connections.addAndGet(change);
  }

  /** So many streams were opened, or closed if negative. */
  public void streams(int change) {
    streams.addAndGet(change);
  }

  /** So many jobs came into memory, or left it if negative. */
  public void jobs(int change) {
    jobs.addAndGet(change);
  }

  /** A job is slowed, or no longer. */
  public void throttled(boolean slowed) {
    throttledJobs.addAndGet(slowed ? 1 : -1);
  }

  /** Everything, in the format {@link #CONTENT_TYPE}. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private static <E extends Enum<E>> void count(Map<E, Counter> counters, E value) {
    Counter counter = counters.get(value);
    if (counter != null) {
      counter.increment();
    }
  }

  private Counter counter(String name, String help) {
    return Counter.builder("joblog." + name).description(help).register(registry);
  }

  private Counter bytes(String name, String help) {
    return Counter.builder("joblog." + name).baseUnit("bytes").description(help).register(registry);
  }

  /** One counter for each value, so that all of them are there from the start with 0. */
  private <E extends Enum<E>> Map<E, Counter> counters(
      Class<E> values, String name, String label, String help) {
    Map<E, Counter> counters = new EnumMap<>(values);
    for (E value : values.getEnumConstants()) {
      counters.put(
          value,
          Counter.builder("joblog." + name)
              .tag(label, value.name().toLowerCase(Locale.ROOT))
              .description(help)
              .register(registry));
    }
    return counters;
  }

  private AtomicInteger gauge(String name, String help) {
    AtomicInteger value = new AtomicInteger();
    Gauge.builder("joblog." + name, value, AtomicInteger::get)
        .strongReference(true)
        .description(help)
        .register(registry);
    return value;
  }

  private void reading(
      String name, String unit, String help, Readings from, ToDoubleFunction<Readings> value) {
    Gauge.builder("joblog." + name, from, value)
        .strongReference(true)
        .baseUnit(unit.isEmpty() ? null : unit)
        .description(help)
        .register(registry);
  }

  private Timer commitTimer() {
    return Timer.builder("joblog.commit.duration")
        .description("Time from handing a batch over until it is durable")
        .serviceLevelObjectives(COMMIT_BUCKETS)
        .register(registry);
  }

  private DistributionSummary batchSizes() {
    return DistributionSummary.builder("joblog.batch.output")
        .baseUnit("bytes")
        .description("Job output in a batch")
        .serviceLevelObjectives(BATCH_BUCKETS)
        .register(registry);
  }

  private void bindPlatform(String version) {
    Gauge.builder("joblog.build.info", () -> 1)
        .tag("version", version)
        .tag("java", Runtime.version().toString())
        .description("Always 1; its labels say what runs")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  private static Duration[] millis(long... values) {
    return LongStream.of(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
