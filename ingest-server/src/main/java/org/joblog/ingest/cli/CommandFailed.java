package org.joblog.ingest.cli;

/** A command ends with a reason that is told to the person at the terminal in one line. */
final class CommandFailed extends Exception {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CommandFailed(int exitCode, String reason) {
    super(reason);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
