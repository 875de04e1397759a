package org.joblog.shipper;

import java.util.Optional;
import org.joblog.shipper.posix.Processes;
import org.joblog.shipper.posix.Processes.Change;
import org.joblog.shipper.posix.Signals;

/**
 * Stands between whoever sends signals and the command: passes them on, stops when the command
 * stops, and ends as it ends. Confined to the main thread.
 */
final class Supervisor {

  private static final int SIGNALLED = 128;

  private final int pid;

  Supervisor(int pid) {
    this.pid = pid;
  }

  /** How the command ended. Immutable. */
  sealed interface Ending {
    record Exited(int code) implements Ending {}

    record Killed(int signal) implements Ending {}
  }

  /** Passes signals on until the command has ended. */
  Ending await() {
    while (true) {
      Signals.Arrival arrival = Signals.take(Signals.PASSED_ON | Signals.bits(Signals.SIGCHLD));
      if (arrival.number() != Signals.SIGCHLD) {
        passOn(arrival);
        continue;
      }
      Optional<Change> change = Processes.change(pid);
      if (change.isEmpty()) {
        continue;
      }
      switch (change.get()) {
        case Change.Exited(int code) -> {
          return new Ending.Exited(code);
        }
        case Change.Killed(int signal) -> {
          return new Ending.Killed(signal);
        }
        case Change.Stopped _ ->
            // Whoever watches this process, a shell with job control say, must see it stop too.
            Signals.send(Processes.self(), Signals.SIGSTOP);
      }
    }
  }

  /** What a terminal sends goes to the whole group: the command has it already. */
  private void passOn(Signals.Arrival arrival) {
    if (!arrival.fromKernel()) {
      Signals.send(pid, arrival.number());
    }
  }

  /** After the command: a signal ends this process as it would end any other. */
  static void listenAgain() {
    Signals.setBlocked(0);
  }

  /** Ends this process as the command ended. */
  static void endLike(Ending ending) {
    switch (ending) {
      case Ending.Exited(int code) -> Processes.exit(code);
      case Ending.Killed(int signal) -> {
        Processes.leaveNoCore();
        if (signal != Signals.SIGKILL) {
          Signals.setDefault(signal);
        }
        Signals.setBlocked(0);
        Signals.send(Processes.self(), signal);
        Processes.exit(SIGNALLED + signal);
      }
    }
  }
}
