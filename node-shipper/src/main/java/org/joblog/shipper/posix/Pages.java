package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory that costs nothing until it is touched, which memory from an arena does not: it is zeroed
 * at once. Safe for use by many threads.
 */
public final class Pages {

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;

  private static final MethodHandle MMAP =
      Native.failing(
          "mmap", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);

  private static final MethodHandle MUNMAP = Native.failing("munmap", JAVA_INT, ADDRESS, JAVA_LONG);

  private Pages() {}

  /**
   * Reserves memory.
   *
   * @param arena gives it back when it is closed
   * @throws OutOfMemoryError if the system refuses
   */
  @SuppressWarnings("restricted")
  public static MemorySegment reserve(Arena arena, long bytes) {
    try {
      long address =
          (long)
              MMAP.invokeExact(
                  Native.state(),
                  MemorySegment.NULL,
                  bytes,
                  PROT_READ_WRITE,
                  MAP_PRIVATE_ANONYMOUS_NORESERVE,
                  -1,
                  0L);
      if (address == -1) {
        throw new OutOfMemoryError(
            "window: " + bytes + " bytes (expected: the system grants them)");
      }
      return MemorySegment.ofAddress(address).reinterpret(bytes, arena, Pages::release);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  private static void release(MemorySegment pages) {
    try {
      int result = (int) MUNMAP.invokeExact(Native.state(), pages, pages.byteSize());
      assert result == 0 : "munmap";
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }
}
