package org.joblog.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has taken until now, from {@code /proc}; nothing if it is gone. Immutable.
 *
 * @param cpuSeconds of user and system, 10 ms fine
 * @param residentKib memory that it has now
 * @param peakResidentKib the most that it ever had
 */
public record ProcessReading(double cpuSeconds, long residentKib, long peakResidentKib) {

  private static final double TICKS_PER_SECOND = 100;

  public static ProcessReading of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
      String status = Files.readString(Path.of("/proc/" + pid + "/status"));
      return new ProcessReading(cpu, kib(status, "VmRSS:"), kib(status, "VmHWM:"));
    } catch (IOException gone) {
      return new ProcessReading(0, 0, 0);
    }
  }

  private static long kib(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }
}
