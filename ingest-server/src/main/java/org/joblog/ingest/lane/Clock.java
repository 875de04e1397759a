package org.joblog.ingest.lane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What time it is. Safe for use by many threads. */
public interface Clock {

  /** The machine's clocks. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long micros() {
          return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        }
      };

  /** Nanoseconds since some moment; never goes back. */
  long nanos();

  /** Microseconds since the epoch. */
  long micros();
}
