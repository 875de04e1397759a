package org.joblog.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What wrapping costs: throughput against {@code cat}, CPU time, resident memory, and the cost of a
 * command that prints nothing. Prints a table of ratios. {@code ./joblog bench-shipper} runs it.
 */
public final class ShipperBenchmark {

  private static final int ROUNDS = 5;
  private static final long BYTES = 2L << 30;
  private static final int SILENT_SECONDS = 20;

  private final Path shipper;
  private final Path home;

  private ShipperBenchmark(Path shipper, Path home) {
    this.shipper = shipper;
    this.home = home;
  }

  /** What one command took. */
  private record Cost(double seconds, double cpuSeconds, long residentKib) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("joblog-bench-");
    Path optIn = Files.createFile(home.resolve(".logoptin"));
    try (SinkServer sink = new SinkServer()) {
      new ShipperBenchmark(Path.of(args[0]), home).run(sink);
    } finally {
      Files.delete(optIn);
      Files.delete(home);
    }
  }

  private void run(SinkServer sink) throws IOException, InterruptedException {
    String print =
        "yes 'a line of text such as programs print, ninety bytes or so with all of its words' | head -c "
            + BYTES;
    List<Double> ratios = new ArrayList<>();
    System.out.println(
        "| round | cat MB/s | run MB/s | run / cat | shipper CPU s | shipper RSS MiB |");
    System.out.println("|---|---|---|---|---|---|");
    for (int round = 1; round <= ROUNDS; round++) {
      Cost cat = measure(List.of("sh", "-c", print + " | cat"), false);
      long before = sink.bytes();
      Cost run = measure(wrapped(sink, print), true);
      long shipped = sink.bytes() - before;
      if (shipped != BYTES) {
        throw new IllegalStateException("shipped: " + shipped + " (expected: " + BYTES + ")");
      }
      double ratio = cat.seconds() / run.seconds();
      ratios.add(ratio);
      System.out.printf(
          Locale.ROOT,
          "| %d | %.0f | %.0f | %.2f | %.2f | %.0f |%n",
          round,
          BYTES / 1e6 / cat.seconds(),
          BYTES / 1e6 / run.seconds(),
          ratio,
          run.cpuSeconds(),
          run.residentKib() / 1024.0);
    }
    ratios.sort(null);
    System.out.printf(
        Locale.ROOT, "%nmedian of run / cat: %.2f (wanted: >= 0.50)%n", ratios.get(ROUNDS / 2));
    System.out.printf(
        Locale.ROOT,
        "CPU time while a command is silent for %d s: %.2f s%n",
        SILENT_SECONDS,
        silent(sink));
  }

  private List<String> wrapped(SinkServer sink, String command) throws IOException {
    return List.of(
        shipper.toString(),
        "run",
        "--home",
        home.toString(),
        "--server",
        sink.address(),
        "--",
        "sh",
        "-c",
        command);
  }

  private Cost measure(List<String> words, boolean isShipper)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    double cpu = 0;
    long resident = 0;
    // The process is looked at until it is gone: its last numbers are what it has used.
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      if (isShipper) {
        ProcessReading now = ProcessReading.of(process.pid());
        cpu = Math.max(cpu, now.cpuSeconds());
        resident = Math.max(resident, now.peakResidentKib());
      }
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException("exit code: " + process.exitValue() + " (expected: 0)");
    }
    return new Cost((System.nanoTime() - start) / 1e9, cpu, resident);
  }

  /** CPU time of a wrapped command's shipper after its start, in seconds. */
  private double silent(SinkServer sink) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(wrapped(sink, "sleep " + (SILENT_SECONDS + 4))).inheritIO().start();
    process.waitFor(2, TimeUnit.SECONDS);
    double before = ProcessReading.of(process.pid()).cpuSeconds();
    process.waitFor(SILENT_SECONDS, TimeUnit.SECONDS);
    double after = ProcessReading.of(process.pid()).cpuSeconds();
    process.waitFor();
    return after - before;
  }
}
