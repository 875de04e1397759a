package org.joblog.ingest.render;

/** What is done to a console after every chunk, and must change nothing. */
enum Probe {
  /** Nothing. */
  NONE,
  /** It is written out and another made of that. */
  CHECKPOINT,
  /** Its rows are looked at. */
  LIVE
}
