package org.joblog.ingest.line;

import java.util.Arrays;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.console.Segment;
import org.jspecify.annotations.Nullable;

/** Temporary. */
public final class LineSorter {
  private static final byte[] P =
      "/LOGCOMMAND ".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final Candidate TEXT = new Candidate(Candidate.What.TEXT, new byte[0], 0, 0);

  private LineSorter() {}

  public static Candidate sort(Row row, @Nullable Segment segment) {
    if (begins(row.bytes(), row.from(), row.to())) {
      return new Candidate(Candidate.What.COMMAND, row.bytes(), row.from(), row.to());
    }
    if (segment == null) {
      return TEXT;
    }
    if (begins(segment.bytes(), segment.from(), segment.to())) {
      return new Candidate(Candidate.What.COMMAND, segment.bytes(), segment.from(), segment.to());
    }
    if (row.from() < row.to()
        && row.bytes()[row.from()] == '{'
        && Arrays.equals(
            row.bytes(), row.from(), row.to(), segment.bytes(), segment.from(), segment.to())) {
      return new Candidate(Candidate.What.OBJECT, row.bytes(), row.from(), row.to());
    }
    return TEXT;
  }

  private static boolean begins(byte[] b, int from, int to) {
    return to - from >= P.length && Arrays.equals(b, from, from + P.length, P, 0, P.length);
  }
}
