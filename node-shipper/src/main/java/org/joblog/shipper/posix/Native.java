package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Binds functions of the C library. Results follow the kernel's own convention: a value from 0, or
 * the negated {@code errno}. Safe for use by many threads.
 */
final class Native {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final long ERRNO_BYTES = Linker.Option.captureStateLayout().byteSize();

  /** Where a call leaves its errno: one for each thread, for the thread's life. */
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ERRNO_BYTES));

  private Native() {}

  /** A function that reports failure through errno; the handle takes {@link #state()} first. */
  @SuppressWarnings("restricted")
  static MethodHandle failing(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(address(name), FunctionDescriptor.of(result, arguments), ERRNO);
  }

  /** A variadic function that reports failure through errno. */
  @SuppressWarnings("restricted")
  static MethodHandle variadic(
      String name, int fixedArguments, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        address(name),
        FunctionDescriptor.of(result, arguments),
        ERRNO,
        Linker.Option.firstVariadicArg(fixedArguments));
  }

  /** A function that cannot fail, or whose result says how. */
  @SuppressWarnings("restricted")
  static MethodHandle plain(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(address(name), FunctionDescriptor.of(result, arguments));
  }

  private static MemorySegment address(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("no function " + name + " in the C library"));
  }

  /** The calling thread's place for errno. */
  static MemorySegment state() {
    return STATE.get();
  }

  /** A result from 0, or the negated errno of the call that has just failed on this thread. */
  static long orErrno(long result) {
    return result >= 0 ? result : -STATE.get().get(JAVA_INT, 0);
  }

  /** A failure inside of the foreign call itself, which a correct binding never shows. */
  static AssertionError impossible(Throwable failure) {
    return new AssertionError("foreign call failed", failure);
  }

  /** Bytes and a closing NUL. */
  static MemorySegment cString(Arena arena, byte[] bytes) {
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  static MemorySegment cString(Arena arena, String text) {
    return cString(arena, text.getBytes(StandardCharsets.UTF_8));
  }
}
