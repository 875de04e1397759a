package org.joblog.ingest.line;

import org.jspecify.annotations.Nullable;

/**
 * What a completed line may be, by its first bytes; its reader decides. A view: valid only as long
 * as the row and the segment that it was made of.
 *
 * @param what what to try
 * @param bytes the array that holds the text to try; empty for text
 * @param from where the text begins
 * @param to where the text ends, exclusive
 * @param otherwise what to try if this is not valid, or null if there is no other reading
 */
public record Candidate(What what, byte[] bytes, int from, int to, @Nullable Candidate otherwise) {

  /** The readers that a line can be for. */
  public enum What {
    /** None: it is text, certainly. */
    TEXT,
    /** It begins as a command: a command, or answered by a message. */
    COMMAND,
    /** It begins and ends as a JSON object: metadata, or text. */
    OBJECT
  }

  /** Text, like nearly all lines. */
  static final Candidate TEXT = new Candidate(What.TEXT, new byte[0], 0, 0, null);
}
