package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joblog.schema.log.StreamKind;
import org.joblog.shipper.posix.Descriptors;
import org.junit.jupiter.api.Test;

class CaptureTest {

  private static final Descriptors.Status FILE = new Descriptors.Status(0100644, 1, 10);
  private static final Descriptors.Status OTHER = new Descriptors.Status(0100644, 1, 11);
  private static final Descriptors.Status ELSEWHERE = new Descriptors.Status(0100644, 2, 10);

  private static Capture plan(Map<Integer, Descriptors.Status> open, List<Integer> terminals) {
    return Capture.plan(
        new Capture.Probe() {
          @Override
          public Optional<Descriptors.Status> status(int fd) {
            return Optional.ofNullable(open.get(fd));
          }

          @Override
          public boolean isTerminal(int fd) {
            return terminals.contains(fd);
          }
        });
  }

  @Test
  void twoFilesGetTwoPipes() {
    Capture.Output out = new Capture.Output(StreamKind.STDOUT, 1, List.of(1));
    Capture.Output err = new Capture.Output(StreamKind.STDERR, 2, List.of(2));
    assertThat(plan(Map.of(1, FILE, 2, OTHER), List.of()).outputs()).containsExactly(out, err);
    assertThat(plan(Map.of(1, FILE, 2, ELSEWHERE), List.of()).outputs()).containsExactly(out, err);
  }

  @Test
  void oneFileGetsOnePipe() {
    assertThat(plan(Map.of(1, FILE, 2, FILE), List.of()).outputs())
        .containsExactly(new Capture.Output(StreamKind.COMBINED, 1, List.of(1, 2)));
  }

  @Test
  void whatIsClosedOrATerminalIsLeftAlone() {
    assertThat(plan(Map.of(), List.of()).outputs()).isEmpty();
    assertThat(plan(Map.of(1, FILE, 2, FILE), List.of(1, 2)).outputs()).isEmpty();
    assertThat(plan(Map.of(1, FILE, 2, OTHER), List.of(1)).outputs())
        .containsExactly(new Capture.Output(StreamKind.STDERR, 2, List.of(2)));
    assertThat(plan(Map.of(1, FILE), List.of()).outputs())
        .containsExactly(new Capture.Output(StreamKind.STDOUT, 1, List.of(1)));
  }
}
