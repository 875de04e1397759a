package org.joblog.ingest.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs until its deadline at most: then it is killed with its children, and who
 * reads its output finds the end of it. Confined to one thread, but for its own watchdog.
 */
public final class BoundedProcess implements AutoCloseable {

  private static final int MOST_OF_A_COMPLAINT = 300;

  private final Process process;
  private final Thread watchdog;

  private BoundedProcess(Process process, Duration deadline) {
    this.process = process;
    watchdog = Thread.ofVirtual().start(() -> endAtDeadline(deadline));
  }

  /**
   * Starts a program in the locale C.UTF-8.
   *
   * @param deadline how long it may run
   * @throws IOException if it cannot be started
   */
  public static BoundedProcess start(ProcessBuilder program, Duration deadline) throws IOException {
    program.environment().put("LC_ALL", "C.UTF-8");
    return new BoundedProcess(program.start(), deadline);
  }

  /** What it prints. */
  public InputStream output() {
    return process.getInputStream();
  }

  /** What it reads. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** Its exit status, when it has ended; 137 or 143 if it was ended at its deadline. */
  public int exitStatus() throws InterruptedException {
    return process.waitFor();
  }

  /** The beginning of what it said on stderr, on one line. */
  public String complaint() throws IOException {
    return new String(
            process.getErrorStream().readNBytes(MOST_OF_A_COMPLAINT), StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}+", " ")
        .strip();
  }

  private void endAtDeadline(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        end();
      }
    } catch (InterruptedException e) {
      // It ended in time.
    }
  }

  /** Children too: one that holds the output open would be waited for. */
  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    end();
    watchdog.interrupt();
  }
}
