package org.joblog.ingest.net;

import java.security.SecureRandom;
import java.util.Set;
import org.joblog.ingest.lane.LaneMessage;
import org.joblog.ingest.lane.Lanes;
import org.joblog.ingest.lane.Session;
import org.joblog.ingest.store.JobFacts;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.Proof;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;

/**
 * Decides who may come in, and to which lane. Safe for use by many threads.
 *
 * <p>Default deny: where a secret is set, a greeting without the right proof is refused before
 * anything of it is used.
 */
final class Doorkeeper {

  private final SecureRandom random = new SecureRandom();
  private final byte[] secret;
  private final Set<String> clusters;
  private final JobBudgets budgets;
  private final Lanes lanes;

  /**
   * A doorkeeper.
   *
   * @param secret of the cluster; empty if none is set
   * @param clusters whose jobs are taken; empty for all
   */
  Doorkeeper(byte[] secret, Set<String> clusters, JobBudgets budgets, Lanes lanes) {
    this.secret = secret.clone();
    this.clusters = Set.copyOf(clusters);
    this.budgets = budgets;
    this.lanes = lanes;
  }

  byte[] nonce() {
    byte[] nonce = new byte[WireLimits.NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  /** Throws if the greeting must be refused. */
  void check(Frame.Greeting greeting, byte[] nonce) throws ProtocolException {
    if (greeting.version() != WireLimits.VERSION) {
      throw new ProtocolException(
          RefusalCode.VERSION,
          "version: " + greeting.version() + " (expected: " + WireLimits.VERSION + ")");
    }
    if (secret.length > 0 && !Proof.holds(secret, nonce, greeting)) {
      throw new ProtocolException(
          RefusalCode.PROOF, "the proof does not fit the secret of this cluster");
    }
    if (!clusters.isEmpty() && !clusters.contains(greeting.cluster())) {
      throw new ProtocolException(
          RefusalCode.VALUE,
          "cluster: " + greeting.cluster() + " (expected: one of " + clusters + ")");
    }
  }

  LaneMessage.Greet greet(Session session, Frame.Greeting greeting) {
    JobFacts facts =
        new JobFacts(
            greeting.cluster(),
            greeting.job(),
            greeting.restart(),
            greeting.user(),
            greeting.uid(),
            greeting.jobName(),
            greeting.startedMicros(),
            JobOptions.WHEN_IN_DOUBT);
    return new LaneMessage.Greet(session, facts, greeting.optIn());
  }

  JobBudgets budgets() {
    return budgets;
  }

  Lanes lanes() {
    return lanes;
  }
}
