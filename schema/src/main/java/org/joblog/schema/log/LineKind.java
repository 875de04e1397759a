package org.joblog.schema.log;

/**
 * What a line of the stored log is. The code is what the database holds, the name in lower case is
 * what its public views show. Immutable.
 */
public enum LineKind {
  /** A line of text as the job printed it. */
  TEXT(0),
  /** A line that is one JSON object, extracted as metadata. Never folded. */
  METADATA(1),
  /** A valid command line. Never folded. */
  COMMAND(2),
  /** The logger's message that stands for repetitions; its count is a column of its own. */
  REPEAT(3);

  private final int code;

  LineKind(int code) {
    this.code = code;
  }

  /** The number that stands for this kind in the database, 0 to 3. */
  public int code() {
    return code;
  }

  /**
   * The kind with the given code.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static LineKind of(int code) {
    return switch (code) {
      case 0 -> TEXT;
      case 1 -> METADATA;
      case 2 -> COMMAND;
      case 3 -> REPEAT;
      default -> throw new IllegalArgumentException("line kind: " + code + " (expected: 0 to 3)");
    };
  }
}
