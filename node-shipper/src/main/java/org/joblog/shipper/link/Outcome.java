package org.joblog.shipper.link;

import org.joblog.schema.wire.Frame.RefusalCode;

/** How a connection ended, and what follows from it. Immutable. */
sealed interface Outcome {

  /** It goes on. */
  record GoingOn() implements Outcome {}

  /** The server has everything. */
  record Done() implements Outcome {}

  /** This process stops; what is left is for the next. */
  record Stopped() implements Outcome {}

  /** Connect again. */
  record Broken(String why) implements Outcome {}

  /** Connect again after the time that the server asked for. */
  record SentAway(long retryMillis) implements Outcome {}

  /** The server will not have this job. */
  record Refused(RefusalCode code, String message) implements Outcome {}
}
