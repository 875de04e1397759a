package org.joblog.workbench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the whole way costs on one machine: a shipper process, a server process and a durable
 * PostgreSQL on the same cores, against {@code psql \copy} of the same lines into a table with a
 * row per line, in the same run. And how long a printed line takes to be visible while another job
 * floods. It prints ratios: times alone say more about the machine. Confined to the main thread.
 */
public final class WholeWayBenchmark {

  private static final String USAGE =
      """
      joblog bench [--lines N] [--rounds N] [--ticks N] [--port N] [--record]
        --lines N   lines of a round, about 90 bytes each; default 20000000
        --rounds N  rounds, of which the median counts; default 3
        --ticks N   lines, one a second, whose way to a viewer is timed; default 60, 0 leaves it out
        --port N    a PostgreSQL on this machine with a superuser "postgres", who needs no password;
                    else one of its own: of the PostgreSQL that is installed, or an embedded one,
                    which packs more slowly, for it has no lz4
        --record    writes the results into docs/benchmarks.md
      """;

  /** Limits on throughput are off: this measures what there is to limit. */
  private static final String SETTINGS =
      """
      throughput:
        bytes_per_second: 1TiB
        bytes_burst: 1TiB
        lines_per_second: 1000000000
        lines_burst: 1000000000
      """;

  /**
   * Jobs before the first round: a server runs for months, and its compiler needs some seconds of
   * work, on every lane, until it leaves the processors to the others.
   */
  private static final int WARM_UPS = 6;

  private static final String HAS_LZ4 =
      "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'";

  private static final String TABLES =
      """
      SELECT coalesce(sum(pg_table_size(c.oid) + pg_indexes_size(c.oid)), 0)
      FROM pg_class c WHERE c.relnamespace = 'joblog'::regnamespace AND c.relkind = 'r'
      """;

  private final Path root;
  private final Path folder;
  private final PrintStream out;
  private final Options options;
  private final StringBuilder results = new StringBuilder();

  private WholeWayBenchmark(Path root, Path folder, PrintStream out, Options options) {
    this.root = root;
    this.folder = folder;
    this.out = out;
    this.options = options;
  }

  /** What is asked for on the command line. */
  private record Options(int lines, int rounds, int ticks, int port, boolean record) {

    /** Null if the words are not understood. */
    static @Nullable Options of(String[] words) {
      Options options = new Options(20_000_000, 3, 60, 0, false);
      for (int i = 0; i < words.length; i++) {
        String word = words[i];
        if (word.equals("--record")) {
          options = new Options(options.lines, options.rounds, options.ticks, options.port, true);
          continue;
        }
        if (++i == words.length || !words[i].matches("[0-9]{1,8}")) {
          return null;
        }
        int number = Integer.parseInt(words[i]);
        switch (word) {
          case "--lines" ->
              options =
                  new Options(number, options.rounds, options.ticks, options.port, options.record);
          case "--rounds" ->
              options =
                  new Options(options.lines, number, options.ticks, options.port, options.record);
          case "--ticks" ->
              options =
                  new Options(options.lines, options.rounds, number, options.port, options.record);
          case "--port" ->
              options =
                  new Options(options.lines, options.rounds, options.ticks, number, options.record);
          default -> {
            return null;
          }
        }
      }
      return options.lines > 0 && options.rounds > 0 ? options : null;
    }
  }

  public static void main(String[] args) throws Exception {
    Options options = Options.of(args);
    if (options == null) {
      boolean help = args[0].equals("--help") || args[0].equals("-h");
      (help ? System.out : System.err).print(USAGE);
      System.exit(help ? 0 : 2);
      return;
    }
    Path root = Path.of(System.getenv().getOrDefault("JOBLOG_ROOT", ".")).toAbsolutePath();
    Path folder = Files.createTempDirectory("joblog-bench");
    try {
      new WholeWayBenchmark(root, folder, System.out, options).run();
    } finally {
      BenchShipper.deleteAll(folder);
    }
  }

  private void run() throws Exception {
    Path lines = folder.resolve("lines");
    Path rows = folder.resolve("rows");
    writeLines(lines, rows, options.lines);
    try (BenchmarkDatabase database = database();
        ServerProcess server =
            ServerProcess.start(
                new ServerProcess.Setup(
                    folder, database.url(), "", SETTINGS, List.of("-XX:MaxRAMPercentage=25")))) {
      BenchShipper shipper = new BenchShipper(root, folder, server.port());
      say("- " + machine(database));
      if (!database.value(HAS_LZ4).equals("t")) {
        say(
            "- This PostgreSQL has no lz4 and packs several times slower than those of distributions"
                + " (expected: one that has it; Debian: apt-get install postgresql)");
      }
      throughput(database, shipper, lines, rows);
      if (options.ticks > 0) {
        latency(database, shipper, lines);
      }
      server.log().lines().filter(line -> line.contains("ERROR")).forEach(out::println);
    }
    if (options.record) {
      record();
    }
  }

  private BenchmarkDatabase database() throws IOException, SQLException {
    return options.port > 0
        ? BenchmarkDatabase.given("localhost:" + options.port)
        : BenchmarkDatabase.own(folder.resolve("postgres"));
  }

  private void throughput(BenchmarkDatabase database, BenchShipper shipper, Path lines, Path rows)
      throws Exception {
    PlainTable plain = new PlainTable(database);
    for (int warm = 0; warm < WARM_UPS; warm++) {
      shipper.run("warm" + warm, lines);
    }
    plain.copy(rows);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    long before = database.number(TABLES);
    for (int round = 0; round < options.rounds; round++) {
      intoMemory(rows);
      database.execute("CHECKPOINT");
      double they = rate(plain.copy(rows));
      intoMemory(lines);
      database.execute("CHECKPOINT");
      double we = rate(shipper.run("round" + round, lines));
      theirs.add(they);
      ours.add(we);
      ratios.add(we / they);
    }
    check(database);
    long lineCount = (long) options.lines * options.rounds;
    double bytes = (database.number(TABLES) - before) / (double) lineCount;
    say(
        "- Whole way, durable: %,.0f lines/s; `psql \\copy` into a row per line: %,.0f lines/s; ratio **%.1f** (median of %s; wanted: at least 4)"
            .formatted(
                Median.of(ours),
                Median.of(theirs),
                Median.of(ratios),
                ratios.stream()
                    .map(ratio -> "%.1f".formatted(ratio))
                    .collect(Collectors.joining(", "))));
    say(
        "- Disk: %.0f bytes a line (wanted: at most 60); the row per line: %.0f"
            .formatted(bytes, plain.bytesALine()));
  }

  /**
   * Lines come from memory on both sides: a program prints them, and what a disk needs to read them
   * first is the cost of neither way.
   */
  private static void intoMemory(Path file) throws IOException {
    Files.copy(file, OutputStream.nullOutputStream());
  }

  private double rate(Duration time) {
    return options.lines / (time.toNanos() / 1e9);
  }

  /** A fast wrong answer is none. */
  private void check(BenchmarkDatabase database) throws SQLException {
    for (int round = 0; round < options.rounds; round++) {
      String count =
          database.value(
              "SELECT s.lines FROM jobs.stream s WHERE s.job_key = jobs.job_key('round%d') AND s.lines > 0"
                  .formatted(round));
      if (!count.equals(String.valueOf(options.lines))) {
        throw new IllegalStateException(
            "lines stored: " + count + " (expected: " + options.lines + ")");
      }
    }
  }

  private void latency(BenchmarkDatabase database, BenchShipper shipper, Path lines)
      throws Exception {
    int ticks = options.ticks;
    Process flood = shipper.start("flood", "while cat '" + lines + "'; do :; done");
    String script =
        "i=0; while [ $i -lt %d ]; do i=$((i+1)); echo $(date +%%s%%N); sleep 1; done"
            .formatted(ticks);
    Process quiet = shipper.start("quiet", script);
    List<Double> millis = new ArrayList<>();
    try (Connection connection = database.connectAsReader()) {
      new LinesSeen(connection, "quiet").watch(quiet, millis);
    } finally {
      flood.descendants().forEach(ProcessHandle::destroyForcibly);
      flood.destroyForcibly();
    }
    Collections.sort(millis);
    say(
        "- Print to visible in a query, one line a second beside a flood, %d lines: median %.0f ms, 99th percentile %.0f ms"
            .formatted(millis.size(), Median.of(millis), millis.get((int) (millis.size() * 0.99))));
  }

  private static void writeLines(Path lines, Path rows, int count) throws IOException {
    Random random = new Random(1);
    try (BufferedWriter text = Files.newBufferedWriter(lines);
        BufferedWriter table = Files.newBufferedWriter(rows)) {
      for (int i = 0; i < count; i++) {
        String line = line(i, random);
        text.write(line);
        text.write('\n');
        table.write(i + "\t" + line + "\n");
      }
    }
  }

  /** About 90 bytes, most of them the same as in the line before, as in a log. */
  private static String line(int i, Random random) {
    long loss = random.nextInt(8_000_000);
    String time =
        padded(i / 60_000 % 60, 2) + ':' + padded(i / 1000 % 60, 2) + ',' + padded(i % 1000, 3);
    String step = " ".repeat(8 - String.valueOf(i).length()) + i;
    return "2026-11-22 10:"
        + time
        + " INFO trainer: step "
        + step
        + " loss "
        + loss / 1_000_000
        + '.'
        + padded(loss % 1_000_000, 6)
        + " lr 0.000"
        + padded(random.nextInt(10_000), 4)
        + " tokens/s "
        + random.nextInt(100_000, 1_000_000);
  }

  private static String padded(long value, int digits) {
    String text = Long.toString(value);
    return "0".repeat(digits - text.length()) + text;
  }

  private static String machine(BenchmarkDatabase database) throws SQLException {
    return "%s: %d processors, %d GiB of memory; Java %s, PostgreSQL %s, fsync %s, synchronous_commit %s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                    .getTotalMemorySize()
                >> 30,
            Runtime.version().feature(),
            database.value("SHOW server_version"),
            database.value("SHOW fsync"),
            database.value("SHOW synchronous_commit"));
  }

  private void say(String line) {
    out.println(line);
    results.append(line).append('\n');
  }

  /** Replaces the section of the page that this benchmark owns. */
  private void record() throws IOException {
    Path page = root.resolve("docs/benchmarks.md");
    String text = Files.exists(page) ? Files.readString(page) : "# Benchmarks\n";
    String head = "## Whole way";
    int from = text.indexOf(head + "\n");
    int to = from < 0 ? -1 : text.indexOf("\n## ", from + 1);
    String section = head + "\n`./joblog bench --record` writes this section.\n\n" + results;
    String before = from < 0 ? text.stripTrailing() + "\n\n" : text.substring(0, from);
    String after = to < 0 ? "" : text.substring(to);
    Files.writeString(
        page,
        before + section + after,
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }
}
