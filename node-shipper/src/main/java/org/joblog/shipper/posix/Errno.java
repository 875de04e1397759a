package org.joblog.shipper.posix;

/** Reasons why a call failed, as Linux numbers them on x86-64 and arm64. */
public final class Errno {

  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int ENOEXEC = 8;
  public static final int EAGAIN = 11;
  public static final int EPIPE = 32;

  private static final int EACCES = 13;
  private static final int ENOTDIR = 20;
  private static final int ENAMETOOLONG = 36;

  private Errno() {}

  /** In words, for the few that a person meets; else the number. */
  public static String describe(int errno) {
    return switch (errno) {
      case ENOENT -> "No such file or directory";
      case EACCES -> "Permission denied";
      case ENOTDIR -> "Not a directory";
      case ENOEXEC -> "Exec format error";
      case ENAMETOOLONG -> "File name too long";
      default -> "error " + errno;
    };
  }

  /** Whether a command was not found, which shells tell from one that could not be run. */
  public static boolean isNotFound(int errno) {
    return errno == ENOENT || errno == ENOTDIR;
  }
}
