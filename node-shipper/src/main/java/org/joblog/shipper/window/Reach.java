package org.joblog.shipper.window;

/** What is known of the server. */
public enum Reach {
  /** The first attempt to reach it is not decided. */
  UNDECIDED,
  /** It does not answer; attempts go on. */
  AWAY,
  /** It answers: heartbeats come. */
  ALIVE,
  /** It has refused this job for good. */
  REFUSED
}
