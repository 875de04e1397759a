package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An entry of the password database. Immutable.
 *
 * @param uid number of the user
 * @param name name of the user
 * @param home path of the home directory, in the bytes of the file system
 */
public record Account(long uid, String name, byte[] home) {

  /** What getpwuid_r may fill: names, paths and a gecos field of several KiB. */
  private static final int BUFFER_BYTES = 64 * 1024;

  private static final int PASSWD_BYTES = 48;
  private static final int NAME_AT = 0;
  private static final int HOME_AT = 32;

  private static final MethodHandle GETUID = Native.plain("getuid", JAVA_INT);
  private static final MethodHandle GETPWUID =
      Native.plain("getpwuid_r", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);

  /** The number of the user whose process this is. */
  public static long uidOfThisProcess() {
    try {
      return (int) GETUID.invokeExact() & 0xFFFF_FFFFL;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  /** The account of a user; empty if the database does not know the number. May wait for LDAP. */
  public static Optional<Account> of(long uid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment passwd = arena.allocate(PASSWD_BYTES, 8);
      MemorySegment buffer = arena.allocate(BUFFER_BYTES);
      MemorySegment found = arena.allocate(ADDRESS);
      int error = (int) GETPWUID.invokeExact((int) uid, passwd, buffer, buffer.byteSize(), found);
      if (error != 0 || found.get(ADDRESS, 0).address() == 0) {
        return Optional.empty();
      }
      String name = new String(string(passwd, NAME_AT), StandardCharsets.UTF_8);
      return Optional.of(new Account(uid, name, string(passwd, HOME_AT)));
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @SuppressWarnings("restricted")
  private static byte[] string(MemorySegment struct, long at) {
    MemorySegment text = struct.get(ADDRESS, at).reinterpret(BUFFER_BYTES);
    long length = 0;
    while (text.get(JAVA_BYTE, length) != 0) {
      length++;
    }
    return text.asSlice(0, length).toArray(JAVA_BYTE);
  }
}
