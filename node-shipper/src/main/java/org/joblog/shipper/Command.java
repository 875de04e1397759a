package org.joblog.shipper;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.joblog.shipper.posix.Descriptors;
import org.joblog.shipper.posix.Errno;
import org.joblog.shipper.posix.Processes;
import org.joblog.shipper.posix.Signals;
import org.joblog.shipper.posix.Spawn;

/**
 * The command that is wrapped, and what it was given at its start that Java's own start has
 * changed. Immutable.
 *
 * @param words name and arguments, as bytes
 * @param environment the environment of this process
 * @param start what the launch script saw before Java started
 */
record Command(List<byte[]> words, Environment environment, StartState start) {

  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;

  /**
   * What the launch script saw before Java started. Immutable.
   *
   * @param ignored signals that were ignored, as bits
   * @param blocked signals that were blocked, as bits
   * @param closed descriptors of 0 to 2 that were closed; the script has opened /dev/null there
   * @param open all descriptors that were open; empty if nobody looked
   */
  record StartState(long ignored, long blocked, List<Integer> closed, List<Integer> open) {

    /** Nothing unusual. */
    static final StartState USUAL = new StartState(0, 0, List.of(), List.of());

    /**
     * As the script writes it: ignored and blocked signals in hexadecimal as in /proc/PID/status,
     * closed and open descriptors separated by commas; between the four a colon.
     */
    static StartState parse(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 4) {
        return USUAL;
      }
      try {
        return new StartState(
            Long.parseUnsignedLong(parts[0], 16),
            Long.parseUnsignedLong(parts[1], 16),
            numbers(parts[2]),
            numbers(parts[3]));
      } catch (NumberFormatException e) {
        return USUAL;
      }
    }

    private static List<Integer> numbers(String text) {
      return Arrays.stream(text.split(",", -1))
          .filter(number -> !number.isEmpty())
          .map(Integer::valueOf)
          .toList();
    }

    /** Java leaves some of its descriptors open for the programs that it starts. */
    void hideOwnDescriptors() {
      if (open.isEmpty()) {
        return;
      }
      String[] names = new File("/proc/self/fd").list();
      for (String name : names == null ? new String[0] : names) {
        int fd = Integer.parseInt(name);
        if (!open.contains(fd) && fd > 2) {
          Descriptors.closeOnExec(fd);
        }
      }
    }

    /** Signals that Java handles, but the command is to ignore: an ignored one is inherited. */
    void restoreIgnored() {
      for (int signal : new int[] {Signals.SIGPIPE, Signals.SIGXFSZ}) {
        if ((ignored & Signals.bits(signal)) != 0) {
          Signals.ignore(signal);
        }
      }
    }
  }

  /** Becomes the command, which then runs as if joblog had never been there. */
  int become() {
    start.hideOwnDescriptors();
    start.restoreIgnored();
    start.closed().forEach(Descriptors::close);
    Signals.setBlocked(start.blocked());
    return failure(-Processes.become(words, environment.forCommand()));
  }

  /** The command as a child; descriptors are still to be redirected. */
  Spawn child(String run) {
    Spawn spawn =
        new Spawn(words, environment.forCaptured(run))
            .blocked(start.blocked())
            .ignored(start.ignored());
    start.closed().forEach(spawn::close);
    return spawn;
  }

  /** Says what a shell would, and returns the exit code that a shell would. */
  int failure(int errno) {
    String name = new String(words.getFirst(), StandardCharsets.UTF_8);
    System.err.println("joblog-shipper: " + name + ": " + Errno.describe(errno));
    return Errno.isNotFound(errno) ? NOT_FOUND : NOT_EXECUTABLE;
  }
}
