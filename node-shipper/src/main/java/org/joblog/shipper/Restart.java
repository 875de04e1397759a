package org.joblog.shipper;

import java.io.IOException;
import org.joblog.shipper.posix.Processes;
import org.joblog.shipper.posix.Signals;

/**
 * A second start of this program with the signals blocked, where the launch script had no means to
 * block them: a thread that Java has already started would take the end of the command away, and
 * the wrapper would wait for it for ever. A mask outlives the start of a program. Confined to the
 * main thread.
 */
final class Restart {

  /** What the launch script blocks, and Java leaves blocked in all of its threads. */
  private static final long NEEDED = Signals.bits(Signals.SIGCHLD, Signals.SIGTERM);

  /** Keeps a system that blocks nothing from starting this program again and again. */
  private static final String MARK = Environment.UNSET + "JOBLOG_RESTARTED";

  private Restart() {}

  /**
   * Starts this program again if it must; does not return if that works.
   *
   * @return whether the signals are blocked
   */
  static boolean withSignalsBlocked(Environment environment) throws IOException {
    if ((Signals.blocked() & NEEDED) == NEEDED) {
      return true;
    }
    if (!environment.has(MARK)) {
      Signals.block(Signals.PASSED_ON | Signals.bits(Signals.SIGCHLD));
      Processes.become(Environment.words(), environment.marked(MARK));
    }
    return false;
  }
}
