package org.joblog.workbench.slurm;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.joblog.workbench.relay.RelayBuild;
import org.junit.jupiter.api.Assumptions;

/**
 * A folder whose file system never answers, as that of a server that is gone: FUSE, with nobody
 * behind it. Processes that look into it wait until it is closed. Confined to one thread.
 */
final class HungFolder implements AutoCloseable {

  private static final long LONGEST_SECONDS = 10;
  private static final int NO_FUSE = 77;

  private final Process holder;
  private final BufferedReader said;

  private HungFolder(Process holder) throws IOException {
    this.holder = holder;
    said = holder.inputReader(StandardCharsets.UTF_8);
  }

  /** Mounts it, as root; where the kernel has no FUSE the test is left out, with a word. */
  static HungFolder over(Path folder) throws Exception {
    HungFolder hung =
        new HungFolder(
            new ProcessBuilder(RelayBuild.hungFolder().toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    String line = hung.said.readLine();
    if (!"mounted".equals(line)) {
      hung.close();
      Assumptions.assumeFalse(
          hung.holder.exitValue() == NO_FUSE,
          "/dev/fuse (expected: a kernel with FUSE, and mounts)");
      throw new IOException("no file system over " + folder + ": " + line);
    }
    return hung;
  }

  /** Whether the kernel has asked it something that it did not answer. */
  boolean isAsked() throws IOException {
    holder.outputWriter(StandardCharsets.UTF_8).append("asked?\n").flush();
    return "asked".equals(said.readLine());
  }

  /** Those who wait get an error, and what was there before is seen again. */
  @Override
  public void close() throws IOException {
    holder.getOutputStream().close();
    holder.onExit().completeOnTimeout(holder, LONGEST_SECONDS, TimeUnit.SECONDS).join();
    holder.destroyForcibly();
  }
}
