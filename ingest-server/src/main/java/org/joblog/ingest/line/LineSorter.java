package org.joblog.ingest.line;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.console.Segment;
import org.joblog.ingest.line.Candidate.What;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a completed line may be. Nearly all lines are text, and their first byte says so:
 * nothing is allocated for them. Safe for use by many threads.
 *
 * <p>A command counts as a console shows it, and also as it stands in the raw text after the last
 * carriage return: a progress bar that was cleared before it must not hide it. Metadata counts only
 * where both are the same: a blank before or after the object, or a bar that shows behind it, makes
 * it text.
 */
public final class LineSorter {

  private static final byte[] COMMAND = "/LOGCOMMAND ".getBytes(StandardCharsets.US_ASCII);

  private LineSorter() {}

  /**
   * Sorts a line.
   *
   * @param row what a console shows
   * @param segment the raw text after the last carriage return, or null if it cannot be a command
   *     or an object
   */
  public static Candidate sort(Row row, @Nullable Segment segment) {
    Candidate raw =
        segment != null && beginsAsCommand(segment.bytes(), segment.from(), segment.to())
            ? new Candidate(What.COMMAND, segment.bytes(), segment.from(), segment.to(), null)
            : null;
    if (beginsAsCommand(row.bytes(), row.from(), row.to())) {
      return new Candidate(What.COMMAND, row.bytes(), row.from(), row.to(), raw);
    }
    if (raw != null) {
      return raw;
    }
    return segment != null && mayBeObject(row) && isSame(row, segment)
        ? new Candidate(What.OBJECT, row.bytes(), row.from(), row.to(), null)
        : Candidate.TEXT;
  }

  /** Whether a line, {@code to} exclusive, begins with {@code /LOGCOMMAND} and one space. */
  public static boolean beginsAsCommand(byte[] bytes, int from, int to) {
    return to - from >= COMMAND.length
        && bytes[from] == COMMAND[0]
        && Arrays.equals(bytes, from, from + COMMAND.length, COMMAND, 0, COMMAND.length);
  }

  /** How many bytes {@code /LOGCOMMAND} and its space have. */
  public static int commandPrefixLength() {
    return COMMAND.length;
  }

  private static boolean mayBeObject(Row row) {
    return row.to() - row.from() >= 2
        && row.bytes()[row.from()] == '{'
        && row.bytes()[row.to() - 1] == '}'
        && row.cutBytes() == 0;
  }

  private static boolean isSame(Row row, Segment segment) {
    return Arrays.equals(
        row.bytes(), row.from(), row.to(), segment.bytes(), segment.from(), segment.to());
  }
}
