package org.joblog.shipper;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.joblog.shipper.link.Log;

/**
 * A log that a hundred jobs without a server do not flood: so many lines a minute, then how many
 * were left out. Safe for use by many threads.
 */
final class DampedLog implements Log {

  /** As much as a person reads. */
  private static final int LINES_A_MINUTE = 30;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Log log;
  private final LongSupplier nanos;
  private long begun;
  private int said;
  private long leftOut;

  DampedLog(Log log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
    begun = nanos.getAsLong();
  }

  @Override
  public synchronized void say(String line) {
    long now = nanos.getAsLong();
    if (now - begun >= MINUTE) {
      if (leftOut > 0) {
        log.say(leftOut + " lines left out");
      }
      begun = now;
      said = 0;
      leftOut = 0;
    }
    if (said < LINES_A_MINUTE) {
      said++;
      log.say(line);
    } else {
      leftOut++;
    }
  }
}
