package org.joblog.shipper.relay;

import org.joblog.schema.wire.Frame;

/** What makes relays belong to one connection to the server. Immutable. */
record JobKey(String cluster, String job, int restart, String node, long uid, long source) {

  static JobKey of(Frame.Greeting greeting) {
    return new JobKey(
        greeting.cluster(),
        greeting.job(),
        greeting.restart(),
        greeting.node(),
        greeting.uid(),
        greeting.source());
  }

  /** For the log: cluster, job and restart. */
  @Override
  public String toString() {
    return cluster + "/" + job + "/" + restart;
  }
}
