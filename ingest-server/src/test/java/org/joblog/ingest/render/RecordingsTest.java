package org.joblog.ingest.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.joblog.ingest.render.Recordings.Recording;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recording ends in what its terminal showed, however its bytes are cut, whatever is saved
 * and restored or looked at in between.
 */
class RecordingsTest {

  private static final List<Integer> CHUNKS = List.of(1, 2, 3, 7, 4096);

  @TestFactory
  Stream<DynamicTest> aRecordingEndsAsItsTerminalShowedIt() {
    return Recordings.all().stream()
        .flatMap(each -> Stream.of(Probe.values()).map(probe -> test(each, probe)));
  }

  private static DynamicTest test(Recording recording, Probe probe) {
    return DynamicTest.dynamicTest(
        recording.name() + " " + probe,
        () -> {
          byte[] bytes = recording.bytes();
          assertThat(render(recording, probe, List.of(bytes.length)))
              .as("whole")
              .isEqualTo(recording.expected());
          for (int size : CHUNKS) {
            List<Integer> chunks = Collections.nCopies(bytes.length / size + 1, size);
            assertThat(render(recording, probe, chunks))
                .as("by %d bytes", size)
                .isEqualTo(recording.expected());
          }
          assertThat(render(recording, probe, recording.reads()))
              .as("as it was read")
              .isEqualTo(recording.expected());
        });
  }

  @Test
  void theLiveRowsAtTheEndAreWhatBecomesFinal() {
    for (Recording recording : Recordings.all()) {
      Terminal terminal = new Terminal(Probe.NONE);
      terminal.push(recording.bytes(), 0, recording.bytes().length);
      String live = terminal.live();
      terminal.end();
      assertThat(live).as(recording.name()).isEqualTo(terminal.text());
    }
  }

  private static String render(Recording recording, Probe probe, List<Integer> chunks) {
    Terminal terminal = new Terminal(probe);
    byte[] bytes = recording.bytes();
    int from = 0;
    for (int size : chunks) {
      int to = Math.min(bytes.length, from + size);
      terminal.push(bytes, from, to);
      from = to;
    }
    terminal.push(bytes, from, bytes.length);
    terminal.end();
    return terminal.text();
  }
}
