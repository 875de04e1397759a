package org.joblog.shipper.link;

import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Proof;

/**
 * Who the shipper says it is. Immutable.
 *
 * @param greeting everything but the version and the proof
 * @param secret the cluster's secret, empty where there is none
 */
public record Source(Frame.Greeting greeting, byte[] secret) {

  /** The greeting that answers a challenge. */
  Frame.Greeting answer(Frame.Challenge challenge) {
    return secret.length == 0
        ? greeting
        : greeting.withProof(Proof.of(secret, challenge.nonce(), greeting));
  }
}
