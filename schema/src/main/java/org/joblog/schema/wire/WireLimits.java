package org.joblog.schema.wire;

/**
 * The bounds that the protocol itself sets. They are constants and not a record, because both sides
 * must agree on them before they have said a word. Immutable.
 */
public final class WireLimits {

  /** Newest version of the protocol that this code speaks, and so far the only one. */
  public static final int VERSION = 1;

  /** Highest version number, so that the field can stay one byte. */
  public static final int MAX_VERSION = 255;

  /**
   * Longest body of a frame, in bytes. Enough for 16 pipes' worth of output at once; small enough
   * that thousands of half-read frames fit into a server.
   */
  public static final int MAX_BODY_BYTES = 1 << 20;

  /** Least that a server may announce as its longest body: the longest refusal fits twice. */
  public static final int MIN_MAX_BODY_BYTES = 4096;

  /** Longest cluster name and job id, in characters; Slurm's cluster names end at 40. */
  public static final int MAX_ID_CHARS = 64;

  /** Longest name of a node, user or job, in bytes of UTF-8; a host name may have 253. */
  public static final int MAX_NAME_BYTES = 255;

  /**
   * How much is sent of a {@code .logoptin}, in bytes: 64 KiB, which may be understood, and one
   * more. The server sees by that one that the file is longer, says so to its user, and shows
   * nothing.
   */
  public static final int MAX_OPT_IN_BYTES = (1 << 16) + 1;

  /** Bytes of a challenge's nonce: as many as HMAC-SHA256 puts out. */
  public static final int NONCE_BYTES = 32;

  /** Bytes of a proof, the output of HMAC-SHA256. */
  public static final int PROOF_BYTES = 32;

  /** Longest message of a refusal, in bytes of UTF-8: a line for an operator's log. */
  public static final int MAX_MESSAGE_BYTES = 1024;

  /** Highest number of a stream: two for each of 32,768 tasks that share a connection. */
  public static final int MAX_STREAM = 65_535;

  /** Highest step id: Slurm's are 32 bits, and its special steps use the highest ones. */
  public static final long MAX_STEP = 0xFFFF_FFFFL;

  /** Highest user id, unsigned 32 bits. */
  public static final long MAX_UID = 0xFFFF_FFFFL;

  /** Latest time, the end of the year 9999, in microseconds since the epoch. */
  public static final long MAX_MICROS = 253_402_300_799_999_999L;

  /** Shortest interval between heartbeats, in ms: below it they would be a load of their own. */
  public static final int MIN_HEARTBEAT_MILLIS = 10;

  /** Longest interval between heartbeats, in ms: beyond it firewalls forget connections. */
  public static final int MAX_HEARTBEAT_MILLIS = 600_000;

  /** After so many silent heartbeat intervals the other side counts as dead. */
  public static final int SILENT_HEARTBEATS = 3;

  /** Longest wait that a goodbye may ask for, in ms: an hour. */
  public static final int MAX_RETRY_MILLIS = 3_600_000;

  /** Greatest detail of a notice, unsigned 32 bits. */
  public static final long MAX_NOTICE_DETAIL = 0xFFFF_FFFFL;

  /** Highest signal number; Linux ends at 64. */
  public static final int MAX_SIGNAL = 127;

  private WireLimits() {}
}
