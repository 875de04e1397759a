package org.joblog.ingest.line;

public record Candidate(What what, byte[] bytes, int from, int to) {
  public enum What {
    TEXT,
    COMMAND,
    OBJECT
  }
}
