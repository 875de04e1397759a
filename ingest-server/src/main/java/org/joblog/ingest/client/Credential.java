package org.joblog.ingest.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.joblog.ingest.identity.Munge;
import org.joblog.ingest.process.BoundedProcess;

/**
 * Proves who runs this program, by what {@code munge} prints (munge(1)). Immutable.
 *
 * @param command the program, by name or path
 */
public record Credential(String command) {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** A credential with a short text has about 150 characters. */
  private static final int MOST_BYTES = 4_096;

  /** A new credential: each is good once. Blocks, for a bounded time. */
  String fresh() throws ViewingFailed, InterruptedException {
    try (BoundedProcess munge = BoundedProcess.start(new ProcessBuilder(command), DEADLINE)) {
      try (OutputStream input = munge.input()) {
        input.write(Munge.PURPOSE.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // It has ended already, and says below why.
      }
      byte[] printed = munge.output().readNBytes(MOST_BYTES);
      if (munge.exitStatus() != 0) {
        throw new ViewingFailed("who you are cannot be proven: " + munge.complaint(), false);
      }
      return new String(printed, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new ViewingFailed(
          "who you are cannot be proven: "
              + e.getMessage()
              + " (expected: the program munge, as on every host of a Slurm cluster)",
          false);
    }
  }
}
