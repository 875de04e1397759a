package org.joblog.ingest.server;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.joblog.ingest.http.HealthSource;

/**
 * Judges the server by what it does, not by whether it answers: a server that takes output and
 * stores none of it is ill. Safe for use by many threads.
 *
 * @param oldestUncommittedNanos for how long the oldest input waits for its commit
 * @param most how long that may be
 * @param failed whether a thread died
 * @param databaseAnswers whether the database answered last time
 * @param accepting whether connections are taken
 */
record Health(
    LongSupplier oldestUncommittedNanos,
    Duration most,
    BooleanSupplier failed,
    BooleanSupplier databaseAnswers,
    BooleanSupplier accepting)
    implements HealthSource {

  @Override
  public Optional<String> illness() {
    if (failed.getAsBoolean()) {
      return Optional.of("a thread of the server died, see its log");
    }
    Duration oldest = Duration.ofNanos(oldestUncommittedNanos.getAsLong());
    return oldest.compareTo(most) <= 0
        ? Optional.empty()
        : Optional.of(
            "the oldest uncommitted byte is %d s old (expected: <= %d s)"
                .formatted(oldest.toSeconds(), most.toSeconds()));
  }

  @Override
  public Optional<String> unreadiness() {
    if (!accepting.getAsBoolean()) {
      return Optional.of("the server is stopping");
    }
    return databaseAnswers.getAsBoolean()
        ? Optional.empty()
        : Optional.of("the database does not answer");
  }
}
