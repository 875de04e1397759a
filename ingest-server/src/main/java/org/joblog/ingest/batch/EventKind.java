package org.joblog.ingest.batch;

import java.util.Locale;

/** What an {@link Event} tells. The name in lower case is what the database holds. */
public enum EventKind {
  /** The job's options were read: which mode it starts in, and what was wrong with the file. */
  OPTIONS,
  /** A valid command: old and new mode. */
  COMMAND,
  /** A line that begins like a command and is none, or one with an unknown option. */
  COMMAND_ERROR,
  /** Bytes are missing: which, and why. */
  GAP,
  /** The job is slowed: since when, which limit, the observed rate. */
  SLOWED,
  /** The job is no longer slowed. */
  UNSLOWED,
  /** A metadata cap was passed: what goes beyond it is kept in the record only. */
  METADATA_CAP,
  /** Lines that the database refused; they are in quarantine. */
  QUARANTINE,
  /** What the output goes to on the node, the job's own file say, refused bytes. */
  DESTINATION,
  /** A stream or the job ended. */
  END;

  /** The word that the database holds. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
