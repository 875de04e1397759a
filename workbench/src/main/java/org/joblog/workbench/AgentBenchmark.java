package org.joblog.workbench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the node's agent costs with 128 relays, each with one stream: as one job, and as 128 of
 * them. Memory and CPU time are the agent's own, from {@code /proc}, while nobody prints, while
 * everybody prints a little, and while all print as fast as they can. {@code ./joblog bench-agent}
 * runs it.
 */
public final class AgentBenchmark {

  private static final int RELAYS = 128;
  private static final Duration QUIET = Duration.ofSeconds(30);
  private static final Duration TRICKLE = Duration.ofSeconds(15);

  /** What was printed has been sent on, and waiting threads have gone. */
  private static final Duration SETTLING = Duration.ofSeconds(15);

  /** What each relay prints in a second of the trickle: ten lines. */
  private static final int LINES_PER_SECOND = 10;

  /** What each relay prints at full speed. */
  private static final int FLOOD_CHUNKS = 512;

  private static final int CHUNK_BYTES = 16 << 10;
  private static final byte[] LINE = ("x".repeat(89) + '\n').getBytes(StandardCharsets.US_ASCII);
  private static final long START_SECONDS = 20;

  private final Path shipper;
  private final Path folder;
  private final SinkServer sink;

  private AgentBenchmark(Path shipper, Path folder, SinkServer sink) {
    this.shipper = shipper;
    this.folder = folder;
    this.sink = sink;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("joblog-bench-");
    try (SinkServer sink = new SinkServer()) {
      AgentBenchmark benchmark = new AgentBenchmark(Path.of(args[0]), folder, sink);
      System.out.println(
          "| jobs | streams | RSS MiB, quiet | CPU s in "
              + QUIET.toSeconds()
              + " s, quiet | CPU %, "
              + RELAYS * LINES_PER_SECOND
              + " lines/s | MB/s, flood | CPU s/GB, flood | most RSS MiB |");
      System.out.println("|---|---|---|---|---|---|---|---|");
      benchmark.run(1);
      benchmark.run(RELAYS);
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void run(int jobs) throws Exception {
    Path socket = folder.resolve("agent.sock");
    Process agent = start(socket);
    try (ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
        ExecutorService printers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<BenchRelay> relays = connect(socket, jobs);
      schedule(beats, relays);
      Row row = measure(agent.pid(), relays, printers);
      row.print(jobs);
      beats.shutdownNow();
      for (BenchRelay relay : relays) {
        relay.close();
      }
    } finally {
      agent.destroy();
      agent.waitFor();
    }
  }

  private Process start(Path socket) throws IOException, InterruptedException {
    Process agent =
        new ProcessBuilder(
                shipper.toString(),
                "agent",
                "--server",
                sink.address(),
                "--socket",
                socket.toString(),
                "--spool-dir",
                folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("agent.log").toFile())
            .start();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.exists(socket)) {
      if (agent.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > until) {
        agent.destroy();
        throw new IOException("agent: no socket (expected: within " + START_SECONDS + " s)");
      }
    }
    return agent;
  }

  private static List<BenchRelay> connect(Path socket, int jobs)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom();
    long[] sources = random.longs(jobs).toArray();
    List<BenchRelay> relays = new ArrayList<>(RELAYS);
    for (int i = 0; i < RELAYS; i++) {
      int job = i % jobs;
      relays.add(new BenchRelay(socket, Integer.toString(1000 + job), sources[job], i));
    }
    for (BenchRelay relay : relays) {
      relay.awaitFlowing();
    }
    return relays;
  }

  /** Each beats as often as the agent asks, from a moment of its own. */
  private static void schedule(ScheduledExecutorService beats, List<BenchRelay> relays) {
    SplittableRandom random = new SplittableRandom();
    for (BenchRelay relay : relays) {
      long millis = relay.heartbeatMillis();
      beats.scheduleAtFixedRate(
          () -> beat(relay), random.nextLong(millis), millis, TimeUnit.MILLISECONDS);
    }
  }

  private Row measure(long pid, List<BenchRelay> relays, ExecutorService printers)
      throws Exception {
    long before = sink.bytes();
    ProcessReading start = ProcessReading.of(pid);
    // First, so that what is quiet afterwards has run for a while, as on a node.
    all(printers, relays, AgentBenchmark::trickle);
    ProcessReading trickled = ProcessReading.of(pid);
    TimeUnit.NANOSECONDS.sleep(SETTLING.toNanos());
    ProcessReading settled = ProcessReading.of(pid);
    TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
    ProcessReading quiet = ProcessReading.of(pid);
    long flood = System.nanoTime();
    all(printers, relays, AgentBenchmark::flood);
    all(printers, relays, BenchRelay::end);
    double seconds = (System.nanoTime() - flood) / 1e9;
    ProcessReading flooded = ProcessReading.of(pid);
    long lines = TRICKLE.toSeconds() * LINES_PER_SECOND;
    long printed = RELAYS * (lines * LINE.length + (long) FLOOD_CHUNKS * CHUNK_BYTES);
    if (sink.bytes() - before != printed) {
      throw new IllegalStateException(
          "arrived: " + (sink.bytes() - before) + " bytes (expected: " + printed + ")");
    }
    return new Row(start, trickled, settled, quiet, flooded, seconds);
  }

  /** What one relay does, in a thread of its own. */
  private interface Part {
    void play(BenchRelay relay) throws IOException, InterruptedException;
  }

  private static void all(ExecutorService printers, List<BenchRelay> relays, Part part)
      throws Exception {
    List<Future<?>> running = new ArrayList<>(relays.size());
    for (BenchRelay relay : relays) {
      running.add(
          printers.submit(() -> {
            part.play(relay);
            return null;
          }));
    }
    for (Future<?> each : running) {
      each.get();
    }
  }

  private static void trickle(BenchRelay relay) throws IOException, InterruptedException {
    for (int i = 0; i < TRICKLE.toSeconds() * LINES_PER_SECOND; i++) {
      relay.print(LINE);
      TimeUnit.MILLISECONDS.sleep(1000 / LINES_PER_SECOND);
    }
  }

  private static void flood(BenchRelay relay) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    Arrays.fill(chunk, (byte) 'x');
    for (int i = 0; i < FLOOD_CHUNKS; i++) {
      relay.print(chunk);
    }
  }

  private static void beat(BenchRelay relay) {
    try {
      relay.beat();
    } catch (IOException over) {
      // Whoever prints through it next says so.
    }
  }

  /** The agent before and after each part. */
  private record Row(
      ProcessReading start,
      ProcessReading trickled,
      ProcessReading settled,
      ProcessReading quiet,
      ProcessReading flooded,
      double floodSeconds) {

    void print(int jobs) {
      double gigabytes = (double) RELAYS * FLOOD_CHUNKS * CHUNK_BYTES / 1e9;
      System.out.printf(
          Locale.ROOT,
          "| %d | %d | %.0f | %.2f | %.1f | %.0f | %.1f | %.0f |%n",
          jobs,
          RELAYS,
          quiet.residentKib() / 1024.0,
          quiet.cpuSeconds() - settled.cpuSeconds(),
          100 * (trickled.cpuSeconds() - start.cpuSeconds()) / TRICKLE.toSeconds(),
          gigabytes * 1000 / floodSeconds,
          (flooded.cpuSeconds() - quiet.cpuSeconds()) / gigabytes,
          flooded.peakResidentKib() / 1024.0);
    }
  }
}
