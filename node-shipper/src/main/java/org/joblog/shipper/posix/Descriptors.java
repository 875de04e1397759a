package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Calls on file descriptors. A result below 0 is a negated errno, see {@link Errno}. Safe for use
 * by many threads.
 */
public final class Descriptors {

  /** For {@link #poll}: there is something to read, or the end. */
  public static final int POLLIN = 1;

  /** For {@link #poll}: there is room to write. */
  public static final int POLLOUT = 4;

  /** From {@link #poll}: nobody will read what is written. */
  public static final int POLLERR = 8;

  /** From {@link #poll}: nobody will write any more. */
  public static final int POLLHUP = 16;

  private static final int O_NOCTTY = 0400;
  private static final int O_NONBLOCK = 04000;
  private static final int O_CLOEXEC = 02000000;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int F_GETFL = 3;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC = 0x7ff;
  private static final int STATX_BYTES = 256;

  private static final MethodHandle OPEN =
      Native.variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = Native.failing("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle READ =
      Native.failing("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE =
      Native.failing("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle FCNTL =
      Native.variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle STATX =
      Native.failing("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle POLL =
      Native.failing("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle PIPE2 = Native.failing("pipe2", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle ISATTY = Native.failing("isatty", JAVA_INT, JAVA_INT);

  private Descriptors() {}

  /** What kind of file a descriptor leads to, and which. */
  public record Status(int mode, long device, long inode) {

    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;

    /** Whether it is a regular file. */
    public boolean isRegular() {
      return (mode & S_IFMT) == S_IFREG;
    }

    /** Whether both lead to the same file, pipe or device. */
    public boolean isSameFile(Status other) {
      return device == other.device && inode == other.inode;
    }
  }

  /** The two ends of a pipe, both closed on exec. */
  public record Pipe(int readEnd, int writeEnd) {}

  /**
   * Opens for reading, without ever waiting for a writer or taking a terminal.
   *
   * @return the descriptor or a negated errno
   */
  public static int openToRead(byte[] path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = Native.cString(arena, path);
      int flags = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
      return (int) Native.orErrno((int) OPEN.invokeExact(Native.state(), name, flags, 0));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  public static int close(int fd) {
    try {
      return (int) Native.orErrno((int) CLOSE.invokeExact(Native.state(), fd));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /**
   * Reads into native memory.
   *
   * @return how many bytes, 0 at the end, or a negated errno
   */
  public static long read(int fd, MemorySegment into) {
    try {
      return Native.orErrno((long) READ.invokeExact(Native.state(), fd, into, into.byteSize()));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /**
   * Writes from native memory.
   *
   * @return how many bytes it took, or a negated errno
   */
  public static long write(int fd, MemorySegment from) {
    try {
      return Native.orErrno((long) WRITE.invokeExact(Native.state(), fd, from, from.byteSize()));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /** What a descriptor leads to; empty if it is closed or does not say. */
  public static Optional<Status> status(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nothing = Native.cString(arena, "");
      MemorySegment stat = arena.allocate(STATX_BYTES, 8);
      int result =
          (int) STATX.invokeExact(Native.state(), fd, nothing, AT_EMPTY_PATH, STATX_BASIC, stat);
      return result < 0 ? Optional.empty() : Optional.of(status(stat));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /** struct statx has one layout on all architectures, which struct stat has not. */
  private static Status status(MemorySegment stat) {
    long major = stat.get(JAVA_INT, 136) & 0xFFFF_FFFFL;
    long minor = stat.get(JAVA_INT, 140) & 0xFFFF_FFFFL;
    return new Status(
        stat.get(JAVA_SHORT, 28) & 0xFFFF, major << 32 | minor, stat.get(JAVA_LONG, 32));
  }

  /** Whether a descriptor is open. */
  public static boolean isOpen(int fd) {
    return fcntl(fd, F_GETFL, 0) >= 0;
  }

  /** Keeps a descriptor from the programs that this process starts or becomes. */
  public static void closeOnExec(int fd) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
  }

  /** Whether a descriptor is a terminal. */
  public static boolean isTerminal(int fd) {
    try {
      return (int) ISATTY.invokeExact(Native.state(), fd) == 1;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /**
   * Makes a pipe, which holds what is the system's default, 64 KiB.
   *
   * @return the pipe; empty if there are no descriptors left
   */
  public static Optional<Pipe> pipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      if ((int) PIPE2.invokeExact(Native.state(), ends, O_CLOEXEC) < 0) {
        return Optional.empty();
      }
      return Optional.of(new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1)));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /** Makes a pipe hold more; the system may refuse, which does no harm. */
  public static void resizePipe(int fd, int bytes) {
    fcntl(fd, F_SETPIPE_SZ, bytes);
  }

  /**
   * Waits until one of the descriptors is ready.
   *
   * @param poll descriptors and what is asked of them
   * @param timeoutMillis how long at most, -1 for ever
   * @return how many are ready, 0 if none in time, or a negated errno
   */
  public static int poll(PollSet poll, int timeoutMillis) {
    try {
      return (int)
          Native.orErrno(
              (int) POLL.invokeExact(Native.state(), poll.segment(), poll.size(), timeoutMillis));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  private static int fcntl(int fd, int command, int argument) {
    try {
      return (int) Native.orErrno((int) FCNTL.invokeExact(Native.state(), fd, command, argument));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }
}
