package org.joblog.shipper;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.joblog.shipper.link.Log;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator what happens, if asked to, and else nobody: the output belongs to the command.
 * Safe for use by many threads.
 */
final class Diagnostics implements Log {

  private final @Nullable PrintStream file;
  private final boolean verbose;

  Diagnostics(Settings settings) {
    verbose = settings.verbose();
    PrintStream opened = null;
    if (settings.logFile().isPresent()) {
      try {
        opened =
            new PrintStream(
                Files.newOutputStream(
                    settings.logFile().get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8);
      } catch (IOException e) {
        // A log that cannot be written must not stop the job; --verbose says so.
        if (verbose) {
          System.err.println("joblog-shipper: log file cannot be written: " + e.getMessage());
        }
      }
    }
    file = opened;
  }

  @Override
  public void say(String line) {
    if (file != null) {
      file.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
    }
    if (verbose) {
      System.err.println("joblog-shipper: " + line);
    }
  }
}
