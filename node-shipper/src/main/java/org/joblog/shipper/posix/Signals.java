package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Signals as values to wait for instead of interruptions: they are blocked in the whole process
 * (the launch script does that before there are threads) and one thread takes them. Safe for use by
 * many threads; {@link #take} by one.
 */
public final class Signals {

  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGQUIT = 3;
  public static final int SIGKILL = 9;
  public static final int SIGUSR1 = 10;
  public static final int SIGUSR2 = 12;
  public static final int SIGPIPE = 13;
  public static final int SIGALRM = 14;
  public static final int SIGTERM = 15;
  public static final int SIGCHLD = 17;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;
  public static final int SIGTSTP = 20;
  public static final int SIGXCPU = 24;
  public static final int SIGXFSZ = 25;
  public static final int SIGVTALRM = 26;
  public static final int SIGWINCH = 28;
  public static final int SIGIO = 29;
  public static final int SIGPWR = 30;

  /** What is taken and passed on to the command; joblog-shipper blocks the same. */
  public static final long PASSED_ON =
      bits(
          SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGCONT, SIGTSTP, SIGXCPU,
          SIGVTALRM, SIGWINCH, SIGIO, SIGPWR);

  private static final int SIGSET_BYTES = 128;
  private static final int SIGINFO_BYTES = 128;
  private static final int SIG_BLOCK = 0;
  private static final int SIG_SETMASK = 2;
  private static final long SIG_DFL = 0;
  private static final long SIG_IGN = 1;

  private static final MethodHandle SIGWAITINFO =
      Native.failing("sigwaitinfo", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SIGMASK =
      Native.plain("pthread_sigmask", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SIGNAL =
      Native.failing("signal", JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final MethodHandle KILL = Native.failing("kill", JAVA_INT, JAVA_INT, JAVA_INT);

  private Signals() {}

  /**
   * A signal that has arrived.
   *
   * @param number which
   * @param fromKernel whether the kernel itself sent it, as a terminal does to its whole foreground
   *     group, rather than a process by {@code kill}
   */
  public record Arrival(int number, boolean fromKernel) {}

  /** A set of signals as bits: bit 0 is signal 1, as in /proc/PID/status. */
  public static long bits(int... signals) {
    long bits = 0;
    for (int signal : signals) {
      bits |= 1L << (signal - 1);
    }
    return bits;
  }

  /** Blocks more signals on the calling thread and the threads and programs it starts. */
  public static long block(long signals) {
    return mask(SIG_BLOCK, signals);
  }

  /** Sets which signals are blocked on the calling thread. */
  public static void setBlocked(long signals) {
    mask(SIG_SETMASK, signals);
  }

  /** Which signals are blocked on the calling thread. */
  public static long blocked() {
    return mask(SIG_BLOCK, 0);
  }

  /** Changes the thread's mask and returns the former. */
  private static long mask(int how, long signals) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(SIGSET_BYTES, 8);
      int result = (int) SIGMASK.invokeExact(how, set(arena, signals), before);
      return result == 0 ? before.get(JAVA_LONG, 0) : 0;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  static MemorySegment set(Arena arena, long signals) {
    MemorySegment set = arena.allocate(SIGSET_BYTES, 8);
    set.set(JAVA_LONG, 0, signals);
    return set;
  }

  /** Waits for one of the signals, which must be blocked, and takes it. */
  public static Arrival take(long signals) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO_BYTES, 8);
      MemorySegment set = set(arena, signals);
      while (true) {
        int number = (int) SIGWAITINFO.invokeExact(Native.state(), set, info);
        if (number > 0) {
          return new Arrival(number, info.get(JAVA_INT, 8) > 0);
        }
      }
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /** Lets a signal do what it does to a program that never heard of it. */
  public static void setDefault(int signal) {
    disposition(signal, SIG_DFL);
  }

  /** Makes this process, and the programs it starts, deaf to a signal. */
  public static void ignore(int signal) {
    disposition(signal, SIG_IGN);
  }

  private static void disposition(int signal, long handler) {
    try {
      long before = (long) SIGNAL.invokeExact(Native.state(), signal, handler);
      assert before != -1 : "signal " + signal;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /**
   * Sends a signal.
   *
   * @return 0 or a negated errno
   */
  public static int send(int pid, int signal) {
    try {
      return (int) Native.orErrno((int) KILL.invokeExact(Native.state(), pid, signal));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }
}
