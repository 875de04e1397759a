package org.joblog.ingest.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.repeat.Fold;
import org.joblog.ingest.repeat.FoldLimits;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What streams cost in memory: the used heap after a collection with many consoles, less that
 * without, by their number.
 */
class ConsoleMemoryTest {

  private static final int STREAMS = 2000;

  private record Stream(Console console, Fold fold) {

    static Stream open() {
      Fold fold = new Fold(FoldLimits.DEFAULTS, (_, _) -> {});
      Console.Outlet outlet =
          new Console.Outlet() {
            @Override
            public LineKind completed(Row row, @Nullable Segment segment) {
              return LineKind.TEXT;
            }

            @Override
            public void finished(Row row) {
              fold.row(row);
            }
          };
      return new Stream(new Console(ConsoleLimits.DEFAULTS, outlet), fold);
    }

    void print(int lines) {
      for (int i = 0; i < lines; i++) {
        byte[] line =
            ("%08d ".formatted(i) + "x".repeat(80) + "\n").getBytes(StandardCharsets.UTF_8);
        console.push(line, 0, line.length, i);
      }
    }
  }

  @Test
  void aQuietStreamTakesLessThanTwoKilobytes() {
    assertThat(bytesPerStream(1)).isLessThan(2048);
  }

  @Test
  void aPrintingStreamTakesLessThanSixteenKilobytes() {
    assertThat(bytesPerStream(300)).isLessThan(16 << 10);
  }

  @Test
  void aPlainLineAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      text.append("step ").append(i).append(" ").append("x".repeat(80)).append('\n');
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    Stream stream = Stream.open();
    stream.console().push(bytes, 0, bytes.length, 1);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      stream.console().push(bytes, 0, bytes.length, 1);
    }
    long perLine = (threads.getCurrentThreadAllocatedBytes() - before) / 100_000;
    assertThat(perLine).isZero();
  }

  private static long bytesPerStream(int lines) {
    Stream.open().print(lines);
    long before = usedHeap();
    List<Stream> streams = new ArrayList<>(STREAMS);
    for (int i = 0; i < STREAMS; i++) {
      Stream stream = Stream.open();
      stream.print(lines);
      streams.add(stream);
    }
    long bytes = (usedHeap() - before) / STREAMS;
    Reference.reachabilityFence(streams);
    return bytes;
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
