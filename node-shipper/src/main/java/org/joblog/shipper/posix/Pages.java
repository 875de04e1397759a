package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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

  private Pages() {}

  /**
   * Reserves memory for the rest of the process's life.
   *
   * @throws OutOfMemoryError if the system refuses
   */
  @SuppressWarnings("restricted")
  public static MemorySegment reserve(long bytes) {
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
      return MemorySegment.ofAddress(address).reinterpret(bytes);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }
}
