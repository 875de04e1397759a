package org.joblog.shipper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joblog.schema.log.StreamKind;
import org.joblog.shipper.posix.Descriptors;

/**
 * Which descriptors of the command are captured, and as which streams. Immutable.
 *
 * @param outputs one for each pipe, none if nothing is captured
 * @param why why not more
 */
record Capture(List<Output> outputs, String why) {

  /**
   * One pipe.
   *
   * @param kind which stream it is
   * @param destination descriptor where the output went before
   * @param descriptors descriptors of the command that lead into the pipe
   */
  record Output(StreamKind kind, int destination, List<Integer> descriptors) {}

  /** What there is to decide on, so that it can be tested without descriptors. */
  interface Probe {
    /** What a descriptor leads to; empty if it was closed at the start. */
    Optional<Descriptors.Status> status(int fd);

    /** Whether a descriptor is a terminal. */
    boolean isTerminal(int fd);
  }

  /** Decides for this process's descriptors. */
  static Capture plan(List<Integer> closed) {
    return plan(
        new Probe() {
          @Override
          public Optional<Descriptors.Status> status(int fd) {
            return closed.contains(fd) ? Optional.empty() : Descriptors.status(fd);
          }

          @Override
          public boolean isTerminal(int fd) {
            return Descriptors.isTerminal(fd);
          }
        });
  }

  /**
   * Decides. One file for both outputs gets one pipe, because two would lose their order. A
   * terminal is left alone: programs behave differently on one, and with a keyboard beside it
   * passwords are typed there.
   */
  static Capture plan(Probe probe) {
    Optional<Descriptors.Status> out = probe.status(1).filter(_ -> !probe.isTerminal(1));
    Optional<Descriptors.Status> err = probe.status(2).filter(_ -> !probe.isTerminal(2));
    if (out.isPresent() && err.isPresent() && out.get().isSameFile(err.get())) {
      return new Capture(
          List.of(new Output(StreamKind.COMBINED, 1, List.of(1, 2))), "both in one file");
    }
    List<Output> outputs = new ArrayList<>();
    out.ifPresent(_ -> outputs.add(new Output(StreamKind.STDOUT, 1, List.of(1))));
    err.ifPresent(_ -> outputs.add(new Output(StreamKind.STDERR, 2, List.of(2))));
    return new Capture(
        List.copyOf(outputs),
        outputs.size() == 2 ? "two files" : "an output is closed or a terminal");
  }
}
