package org.joblog.ingest.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.joblog.schema.log.LineKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ScreenPublisherTest {

  /** What the database keeps of a screen, and what a viewer makes of it. */
  private static final class Viewer {

    private Chunk base = buffer(0, List.of("")).chunk(0, 1);
    private int keep;
    private Chunk tail;
    private long writtenBytes;

    void store(Screen screen) {
      if (screen.base() != null) {
        base = screen.base();
        writtenBytes += base.text().length;
      }
      keep = screen.keep();
      tail = screen.tail();
      writtenBytes += tail == null ? 0 : tail.text().length;
    }

    /** The lines from the end of the scrollback on. */
    List<String> lines(long scrollbackEnd) {
      List<String> all = new ArrayList<>(linesOf(base).subList(0, keep));
      if (tail != null) {
        assertThat(tail.firstLine()).as("the tail continues").isEqualTo(base.firstLine() + keep);
        all.addAll(linesOf(tail));
      }
      int known = Math.clamp(scrollbackEnd - base.firstLine(), 0, all.size());
      return all.subList(known, all.size());
    }
  }

  @TestFactory
  Stream<DynamicTest> aViewerSeesExactlyTheLinesWhateverChanges() {
    return IntStream.range(0, 200)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> randomHistory(seed)));
  }

  private static void randomHistory(int seed) {
    Random random = new Random(seed);
    ScreenPublisher publisher = new ScreenPublisher(new BatchLimits(1000, 1000, 100, 60, 100));
    Viewer viewer = new Viewer();
    List<String> lines = new ArrayList<>();
    long firstLine = 0;
    for (int step = 0; step < 100; step++) {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> lines.add("line " + random.nextInt(1000));
        case 3 -> {
          if (!lines.isEmpty()) {
            lines.set(random.nextInt(lines.size()), "changed " + step);
          }
        }
        case 4 -> {
          int sealed = lines.isEmpty() ? 0 : random.nextInt(lines.size() + 1);
          lines.subList(0, sealed).clear();
          firstLine += sealed;
        }
        default -> {
          if (!lines.isEmpty()) {
            lines.removeLast();
          }
        }
      }
      viewer.store(publisher.publish(buffer(firstLine, lines)));
      assertThat(viewer.lines(firstLine)).isEqualTo(lines);
    }
  }

  @Test
  void aStreamThatOnlyAppendsWritesLittleMoreThanItsLines() {
    ScreenPublisher publisher = new ScreenPublisher(BatchLimits.DEFAULT);
    Viewer viewer = new Viewer();
    List<String> lines = new ArrayList<>();
    for (int line = 0; line < 100; line++) {
      lines.add("a line of some fifty characters, as programs print " + line);
      viewer.store(publisher.publish(buffer(0, lines)));
    }
    long whole = IntStream.rangeClosed(1, 100).mapToLong(n -> n * 54L).sum();
    assertThat(viewer.writtenBytes).isLessThan(whole / 2);
  }

  @Test
  void noticesAChangeThatIsOnlyInTheCount() {
    ScreenPublisher publisher = new ScreenPublisher(BatchLimits.DEFAULT);
    publisher.publish(repeats(3));
    Screen screen = publisher.publish(repeats(4));
    Chunk changed = screen.base() == null ? screen.tail() : screen.base();
    assertThat(changed).isNotNull();
    assertThat(changed.marks()).singleElement().extracting(Mark::repeats).isEqualTo(4L);
  }

  private static LineBuffer repeats(long count) {
    LineBuffer buffer = new LineBuffer(0);
    byte[] text = "[previous line repeated]".getBytes(StandardCharsets.UTF_8);
    buffer.add(text, 0, text.length, new LogLine(LineKind.REPEAT, 5, 5, count, 0, null));
    return buffer;
  }

  static LineBuffer buffer(long firstLine, List<String> lines) {
    LineBuffer buffer = new LineBuffer(firstLine);
    for (String line : lines) {
      byte[] text = line.getBytes(StandardCharsets.UTF_8);
      buffer.addPlain(text, 0, text.length, 1);
    }
    return buffer;
  }

  static List<String> linesOf(Chunk chunk) {
    return List.of(new String(chunk.text(), StandardCharsets.UTF_8).split("\n", -1));
  }
}
