package org.joblog.workbench.jmh;

import java.util.concurrent.TimeUnit;
import org.jline.utils.ScreenTerminal;
import org.joblog.ingest.console.Console;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.console.Segment;
import org.joblog.ingest.repeat.Fold;
import org.joblog.ingest.repeat.FoldLimits;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One megabyte of console output through the console, in chunks as they come from the wire, beside
 * a loop that only looks at every byte and JLine's emulator. Confined to one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class ConsoleBenchmark {

  private static final int CHUNK = 16 << 10;

  /** What is printed. */
  @Param public Output output = Output.PLAIN;

  private byte[] bytes = {};
  private String text = "";

  /** Prepares the output. */
  @Setup
  public void prepare() {
    bytes = output.bytes();
    text = output.text(bytes);
  }

  /** The yardstick: tests every byte for being plain ASCII text. */
  @Benchmark
  public int loop() {
    int others = 0;
    for (byte b : bytes) {
      if ((b & 0xFF) < 0x20 || (b & 0xFF) >= 0x80) {
        others++;
      }
    }
    return others;
  }

  /** The console alone. */
  @Benchmark
  public long console() {
    Rows rows = new Rows(null);
    feed(new Console(ConsoleLimits.DEFAULTS, rows));
    return rows.bytes;
  }

  /** The console and the fold, as a lane has them. */
  @Benchmark
  public long consoleAndFold() {
    long[] sum = new long[1];
    Fold fold = new Fold(FoldLimits.DEFAULTS, (line, _) -> sum[0] += line.to() - line.from());
    feed(new Console(ConsoleLimits.DEFAULTS, new Rows(fold)));
    fold.flush();
    return sum[0];
  }

  /** JLine's emulator, which is spared the decoding of UTF-8. */
  @Benchmark
  public int jline() {
    ScreenTerminal terminal = new ScreenTerminal(200, 50);
    for (int from = 0; from < text.length(); from += CHUNK) {
      terminal.write(text.substring(from, Math.min(text.length(), from + CHUNK)));
    }
    return terminal.getHistorySize();
  }

  private void feed(Console console) {
    for (int from = 0; from < bytes.length; from += CHUNK) {
      console.push(bytes, from, Math.min(bytes.length, from + CHUNK), from);
    }
    console.end(bytes.length);
  }

  /** Looks at rows as a lane does, and drops them. */
  private static final class Rows implements Console.Outlet {

    private final @Nullable Fold fold;
    private long bytes;

    Rows(@Nullable Fold fold) {
      this.fold = fold;
    }

    @Override
    public LineKind completed(Row row, @Nullable Segment segment) {
      return LineKind.TEXT;
    }

    @Override
    public void finished(Row row) {
      bytes += row.to() - row.from();
      if (fold != null) {
        fold.row(row);
      }
    }
  }
}
