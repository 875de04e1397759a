package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** Starting, replacing, awaiting and leaving processes. Safe for use by many threads. */
public final class Processes {

  private static final int WNOHANG = 1;
  private static final int WUNTRACED = 2;
  private static final int RLIMIT_CORE = 4;
  private static final int STOPPED = 0x7f;

  private static final MethodHandle EXECVE =
      Native.failing("execvpe", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle WAITPID =
      Native.failing("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SETRLIMIT =
      Native.failing("setrlimit", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EXIT = Native.failing("_exit", JAVA_INT, JAVA_INT);

  private Processes() {}

  /** What became of a child. */
  public sealed interface Change {
    /** It ended by itself, with a code from 0 to 255. */
    record Exited(int code) implements Change {}

    /** A signal ended it. */
    record Killed(int signal) implements Change {}

    /** A signal stopped it for now. */
    record Stopped(int signal) implements Change {}
  }

  /**
   * Replaces this process by a program, which is looked up along PATH; all threads end.
   *
   * @return a negated errno: it returns only if it fails
   */
  public static int become(List<byte[]> command, List<byte[]> environment) {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          Native.orErrno(
              (int)
                  EXECVE.invokeExact(
                      Native.state(),
                      Native.cString(arena, command.getFirst()),
                      vector(arena, command),
                      vector(arena, environment)));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /** A list of C strings that ends with a null pointer. */
  static MemorySegment vector(Arena arena, List<byte[]> strings) {
    MemorySegment vector = arena.allocate(ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      vector.setAtIndex(ADDRESS, i, Native.cString(arena, strings.get(i)));
    }
    return vector;
  }

  /** What became of a child since the last question; empty if nothing. Never waits. */
  public static Optional<Change> change(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      int result = (int) WAITPID.invokeExact(Native.state(), pid, status, WNOHANG | WUNTRACED);
      return result <= 0 ? Optional.empty() : Optional.of(change(status));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  private static Change change(MemorySegment segment) {
    int status = segment.get(JAVA_INT, 0);
    int low = status & 0x7f;
    int high = (status >> 8) & 0xff;
    if (low == 0) {
      return new Change.Exited(high);
    }
    return low == STOPPED ? new Change.Stopped(high) : new Change.Killed(low);
  }

  /** This process's id. */
  public static int self() {
    return (int) ProcessHandle.current().pid();
  }

  /** From now on a signal that ends this process leaves no core file. */
  public static void leaveNoCore() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(JAVA_LONG, 2);
      int result = (int) SETRLIMIT.invokeExact(Native.state(), RLIMIT_CORE, limit);
      assert result == 0;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /** Ends this process at once. */
  public static void exit(int code) {
    try {
      int never = (int) EXIT.invokeExact(Native.state(), code);
      throw new AssertionError("_exit returned " + never);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }
}
