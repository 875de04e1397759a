package org.joblog.schema.wire;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of frames: the byte that stands for each, who may send it, and how long its body may
 * be. Immutable.
 */
public enum FrameType {
  CHALLENGE(1, Side.SERVER, 34, 34),
  GREETING(
      2,
      Side.SHIPPER,
      39,
      35
          + 2 * WireLimits.MAX_ID_CHARS
          + 3 * WireLimits.MAX_NAME_BYTES
          + WireLimits.MAX_OPT_IN_BYTES
          + WireLimits.PROOF_BYTES),
  WELCOME(3, Side.SERVER, 9, 9),
  OPEN_STREAM(4, Side.SHIPPER, 13, 13),
  RESUME_POINT(5, Side.SERVER, 12, 12),
  DATA(6, Side.SHIPPER, 21, WireLimits.MAX_BODY_BYTES),
  GAP(7, Side.SHIPPER, 29, 29),
  END_OF_STREAM(8, Side.SHIPPER, 20, 20),
  END_OF_JOB(9, Side.SHIPPER, 11, 11),
  ACK(10, Side.SERVER, 12, 12),
  END_ACK(11, Side.SERVER, 0, 0),
  HEARTBEAT(12, Side.EITHER, 0, 0),
  PAUSE(13, Side.SERVER, 1, 1),
  UNPAUSE(14, Side.SERVER, 0, 0),
  GOODBYE(15, Side.EITHER, 4, 4),
  REFUSAL(16, Side.SERVER, 3, 3 + WireLimits.MAX_MESSAGE_BYTES),
  NOTICE(17, Side.SHIPPER, 17, 17);

  /** Who may send a frame. */
  public enum Side {
    SERVER,
    SHIPPER,
    EITHER
  }

  private static final @Nullable FrameType[] BY_CODE = new @Nullable FrameType[256];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final Side sender;
  private final int minBodyBytes;
  private final int maxBodyBytes;

  FrameType(int code, Side sender, int minBodyBytes, int maxBodyBytes) {
    this.code = code;
    this.sender = sender;
    this.minBodyBytes = minBodyBytes;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** The type's byte on the wire, 1 to 17. */
  public int code() {
    return code;
  }

  /** Who may send it. */
  public Side sender() {
    return sender;
  }

  /** Whether a frame of this type may come from the given side. */
  public boolean maySend(Side side) {
    return sender == Side.EITHER || sender == side;
  }

  /** Fewest bytes of a body. */
  public int minBodyBytes() {
    return minBodyBytes;
  }

  /** Most bytes of a body. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** The type of a byte, or null where none is defined. */
  static @Nullable FrameType of(int code) {
    return BY_CODE[code & 0xFF];
  }

  /** The type of a frame. */
  public static FrameType of(Frame frame) {
    return switch (frame) {
      case Frame.Challenge _ -> CHALLENGE;
      case Frame.Greeting _ -> GREETING;
      case Frame.Welcome _ -> WELCOME;
      case Frame.OpenStream _ -> OPEN_STREAM;
      case Frame.ResumePoint _ -> RESUME_POINT;
      case Frame.Data _ -> DATA;
      case Frame.Gap _ -> GAP;
      case Frame.EndOfStream _ -> END_OF_STREAM;
      case Frame.EndOfJob _ -> END_OF_JOB;
      case Frame.Ack _ -> ACK;
      case Frame.EndAck _ -> END_ACK;
      case Frame.Heartbeat _ -> HEARTBEAT;
      case Frame.Pause _ -> PAUSE;
      case Frame.Unpause _ -> UNPAUSE;
      case Frame.Goodbye _ -> GOODBYE;
      case Frame.Refusal _ -> REFUSAL;
      case Frame.Notice _ -> NOTICE;
    };
  }
}
