package org.joblog.shipper.link;

import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Proof;

/**
 * Who the shipper says it is. Immutable.
 *
 * @param greeting everything but the version and the proof
 * @param secret the cluster's secret, empty where there is none
 * @param step Slurm's step id, unsigned
 * @param task global rank
 */
public record Source(Frame.Greeting greeting, byte[] secret, long step, int task) {

  /** The greeting that answers a challenge. */
  Frame.Greeting answer(Frame.Challenge challenge) {
    return secret.length == 0
        ? greeting
        : greeting.withProof(Proof.of(secret, challenge.nonce(), greeting));
  }
}
