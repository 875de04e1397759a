package org.joblog.ingest.viewing;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many answers one person gets at once. Keeps an entry for each account that came since the
 * start: no more than a cluster has. Safe for use by many threads.
 */
final class Places {

  private final Map<String, Semaphore> places = new ConcurrentHashMap<>();
  private final ViewingLimits limits;

  Places(ViewingLimits limits) {
    this.limits = limits;
  }

  /** A place, given back by closing. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a place; waits for one.
   *
   * @throws Refused if none becomes free in time
   */
  Place take(String account) throws Refused {
    Semaphore own =
        places.computeIfAbsent(account, _ -> new Semaphore(limits.answersPerPerson(), true));
    try {
      if (own.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
        return own::release;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Refused(
        HttpResponseStatus.SERVICE_UNAVAILABLE,
        "too many requests of "
            + account
            + " at once (expected: at most "
            + limits.answersPerPerson()
            + ")");
  }
}
