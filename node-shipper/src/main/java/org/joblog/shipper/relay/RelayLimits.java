package org.joblog.shipper.relay;

import java.time.Duration;
import org.joblog.schema.wire.FrameCodec;

/**
 * What relays may do. Immutable.
 *
 * @param relays connections at once: one for each captured step, and a node seldom runs more than
 *     one for each of its threads; what as many jobs need at most fits into the heap that {@code
 *     joblog-shipper} gives the agent (docs/benchmarks.md)
 * @param streams of all jobs together: two for each of 256 tasks, and as many again
 * @param greeting how long a connection may take to say who it is
 * @param heartbeat how often either side says something at least: a local socket tells by itself
 *     that the other process is gone, so that this only finds one that is stopped, after three
 * @param bodyBytes longest body that a relay may send after its greeting; relays send 16 KiB of
 *     output at once
 * @param absence how long a stream waits for its relay to come back; relays try every 10 s
 * @param remembered how long a job that the server has refused is remembered after its last relay
 */
public record RelayLimits(
    int relays,
    int streams,
    Duration greeting,
    Duration heartbeat,
    int bodyBytes,
    Duration absence,
    Duration remembered) {

  /** As documented for operators. */
  public static final RelayLimits DEFAULTS =
      new RelayLimits(
          256,
          1024,
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          FrameCodec.DATA_PREFIX_BYTES + (16 << 10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10));
}
