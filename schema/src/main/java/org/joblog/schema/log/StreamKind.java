package org.joblog.schema.log;

/** Which output of a task a stream carries. The code is what the wire and the database hold. */
public enum StreamKind {
  STDOUT(1),
  STDERR(2),
  /**
   * Both outputs of a task through one pipe, because both go to the same file; counts as stdout.
   */
  COMBINED(3);

  private final int code;

  StreamKind(int code) {
    this.code = code;
  }

  /** The number that stands for this kind on the wire and in the database, 1 to 3. */
  public int code() {
    return code;
  }

  /** Whether metadata is extracted from such a stream: stdout, and what counts as stdout. */
  public boolean carriesMetadata() {
    return this != STDERR;
  }

  /**
   * The kind with the given code.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StreamKind of(int code) {
    return switch (code) {
      case 1 -> STDOUT;
      case 2 -> STDERR;
      case 3 -> COMBINED;
      default -> throw new IllegalArgumentException("stream kind: " + code + " (expected: 1 to 3)");
    };
  }
}
