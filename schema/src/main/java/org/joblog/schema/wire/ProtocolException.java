package org.joblog.schema.wire;

/**
 * The other side sent what the protocol does not allow. The message names the value and the
 * expectation and holds no text of the job; {@link #code()} is what to refuse the connection with.
 */
public final class ProtocolException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Frame.RefusalCode code;

  public ProtocolException(Frame.RefusalCode code, String message) {
    super(message);
    this.code = code;
  }

  /** Why, in a word that travels. */
  public Frame.RefusalCode code() {
    return code;
  }
}
