package org.joblog.ingest.net;

import java.time.Duration;
import org.joblog.schema.wire.WireLimits;

/**
 * Bounds of the net floor. Immutable.
 *
 * @param maxBodyBytes longest body of a frame that is taken
 * @param connections connections at a time; more are refused and come again
 * @param globalBytes bytes of all jobs that may wait for their commit
 * @param jobBytes bytes of one job that may wait for their commit, so that one cannot take all
 * @param connectionBytes bytes of one connection that may wait for their commit
 * @param greeting how long a connection may take to greet
 * @param heartbeat how often either side says something at least
 * @param silence after which a connection is given up
 * @param pauseNotice how long a connection is stopped before its sender is told why: a stop that
 *     TCP smooths out is not worth a word
 * @param retry when a refused or dismissed sender should come again
 */
public record NetLimits(
    int maxBodyBytes,
    int connections,
    long globalBytes,
    long jobBytes,
    long connectionBytes,
    Duration greeting,
    Duration heartbeat,
    Duration silence,
    Duration pauseNotice,
    Duration retry) {

  public static final NetLimits DEFAULT =
      new NetLimits(
          WireLimits.MAX_BODY_BYTES,
          20_000,
          512L << 20,
          32L << 20,
          24L << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofMillis(250),
          Duration.ofSeconds(1));
}
