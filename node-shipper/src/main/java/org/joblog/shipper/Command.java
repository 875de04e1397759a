package org.joblog.shipper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.joblog.shipper.posix.Errno;
import org.joblog.shipper.posix.Files;
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
   */
  record StartState(long ignored, long blocked, List<Integer> closed) {

    /** Nothing unusual. */
    static final StartState USUAL = new StartState(0, 0, List.of());

    /** As the script writes it: two hexadecimal numbers as in /proc/PID/status, and digits. */
    static StartState parse(String signals, String closed) {
      String[] parts = signals.split(":", 2);
      if (parts.length < 2) {
        return USUAL;
      }
      return new StartState(
          Long.parseUnsignedLong(parts[0], 16),
          Long.parseUnsignedLong(parts[1], 16),
          closed.chars().map(digit -> digit - '0').boxed().toList());
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
    start.restoreIgnored();
    start.closed().forEach(Files::close);
    Signals.setBlocked(start.blocked());
    return failure(-Processes.become(words, environment.forCommand()));
  }

  /** The command as a child; descriptors are still to be redirected. */
  Spawn child(String run) {
    start.restoreIgnored();
    Spawn spawn = new Spawn(words, environment.forCaptured(run)).blocked(start.blocked());
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
