package org.joblog.ingest.options;

import org.yaml.snakeyaml.error.Mark;

/** A .logoptin, or one value in it, has no meaning; the message says what is wrong and where. */
final class NotUnderstood extends Exception {

  private static final long serialVersionUID = 1L;

  private final String problem;

  NotUnderstood(String problem) {
    super(problem);
    this.problem = problem;
  }

  NotUnderstood(String problem, Mark where) {
    this(problem + " (line " + (where.getLine() + 1) + ")");
  }

  /** What is wrong, in words. */
  String problem() {
    return problem;
  }
}
