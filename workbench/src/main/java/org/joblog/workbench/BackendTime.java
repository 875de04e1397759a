package org.joblog.workbench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of the processes that serve the sessions of a database on this machine (Linux): unlike
 * elapsed time it does not depend on what else the machine does. Immutable.
 *
 * @param database name of the database, which a backend shows in its title
 */
record BackendTime(String database) {

  /** Unit of the times in /proc on all common Linux systems. */
  private static final double TICKS_PER_SECOND = 100;

  /** Fields of /proc/PID/stat after the name of the program. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  /** Seconds so far of those that live. */
  double seconds() {
    return ProcessHandle.allProcesses().mapToDouble(process -> seconds(process.pid())).sum();
  }

  private double seconds(long pid) {
    Path process = Path.of("/proc", String.valueOf(pid));
    try {
      String title = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
      if (!title.startsWith("postgres: ") || !title.contains(" " + database + " ")) {
        return 0;
      }
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
          / TICKS_PER_SECOND;
    } catch (IOException e) {
      // It ended in the meantime.
      return 0;
    }
  }
}
