package org.joblog.schema.wire;

import org.joblog.schema.log.StreamKind;

/**
 * What shipper and server say to each other; {@code PROTOCOL.md} specifies the bytes and the order.
 * Immutable; the arrays are handed over and not touched again.
 */
public sealed interface Frame {

  /**
   * Server, first: who it is, which versions it speaks, and a random nonce for the proof.
   *
   * @param minVersion oldest protocol version it speaks, from 1
   * @param maxVersion newest protocol version it speaks
   * @param nonce 32 random bytes
   */
  record Challenge(int minVersion, int maxVersion, byte[] nonce) implements Frame {}

  /**
   * Shipper: which job it carries, and from where.
   *
   * @param version the version it chose
   * @param cluster name of the cluster
   * @param job id of the job as users know it, for an array task {@code 123_4}
   * @param restart how often the job was requeued, from 0
   * @param node name of the node
   * @param user name of the owner as verified on the node
   * @param uid numeric id of the owner
   * @param jobName the job's name, may be empty
   * @param startedMicros when the job started, microseconds since the epoch
   * @param source random id of this sender, new for every process
   * @param optIn the raw bytes of .logoptin, at most 64 KiB
   * @param proof HMAC-SHA256 over nonce and the greeting's other fields under the cluster's secret,
   *     or empty where no secret is set
   */
  record Greeting(
      int version,
      String cluster,
      String job,
      int restart,
      String node,
      String user,
      long uid,
      String jobName,
      long startedMicros,
      long source,
      byte[] optIn,
      byte[] proof)
      implements Frame {}

  /**
   * Server: the greeting is accepted.
   *
   * @param version the version spoken from here on
   * @param maxFrameBytes longest frame it takes
   * @param heartbeatMillis how often either side says something at least
   */
  record Welcome(int version, int maxFrameBytes, int heartbeatMillis) implements Frame {}

  /**
   * Shipper: a stream begins or goes on.
   *
   * @param stream number that stands for it on this connection, from 0
   * @param step Slurm's step id as an unsigned 32-bit number
   * @param task global rank of the task
   * @param kind which output
   */
  record OpenStream(int stream, long step, int task, StreamKind kind) implements Frame {}

  /**
   * Server: from which byte to go on.
   *
   * @param stream number of the stream
   * @param offset bytes of it that are stored
   */
  record ResumePoint(int stream, long offset) implements Frame {}

  /**
   * Shipper: bytes of a stream.
   *
   * @param stream number of the stream
   * @param offset of the first byte in its stream, from 0
   * @param atMicros when they were read, microseconds since the epoch
   * @param bytes the bytes, at least one
   */
  record Data(int stream, long offset, long atMicros, byte[] bytes) implements Frame {}

  /**
   * Shipper: bytes that are lost.
   *
   * @param stream number of the stream
   * @param from offset of the first lost byte
   * @param to offset after the last lost byte
   * @param atMicros when the first of them was lost, microseconds since the epoch
   * @param reason why
   */
  record Gap(int stream, long from, long to, long atMicros, GapReason reason) implements Frame {}

  /**
   * Shipper: the stream is over.
   *
   * @param stream number of the stream
   * @param offset its length in bytes
   * @param atMicros when, microseconds since the epoch
   */
  record EndOfStream(int stream, long offset, long atMicros) implements Frame {}

  /**
   * Shipper: the command is over; no stream of this connection goes on.
   *
   * @param atMicros when, microseconds since the epoch
   * @param exitCode 0 to 255, or -1 if a signal ended it or nobody knows
   * @param signal number of the signal that ended it, or 0
   */
  record EndOfJob(long atMicros, int exitCode, int signal) implements Frame {}

  /**
   * Server: everything before this offset is committed in the database. Cumulative.
   *
   * @param stream number of the stream
   * @param offset bytes of it that are stored
   */
  record Ack(int stream, long offset) implements Frame {}

  /** Server: all that the shipper said is stored, the end of the job too. */
  record EndAck() implements Frame {}

  /** Either: still here. */
  record Heartbeat() implements Frame {}

  /**
   * Server: it stops reading this connection for now; the sender waits.
   *
   * @param reason why
   */
  record Pause(PauseReason reason) implements Frame {}

  /** Server: it reads again. */
  record Unpause() implements Frame {}

  /**
   * Either: the connection will be closed; reconnect after the given time unless the job is over.
   *
   * @param retryMillis how long to wait before the next connection
   */
  record Goodbye(int retryMillis) implements Frame {}

  /**
   * Server: it will not serve this connection.
   *
   * @param code why, and whether to come again
   * @param message the value and the expectation, in words
   */
  record Refusal(RefusalCode code, String message) implements Frame {}

  /** Why bytes are lost. The code is what the wire holds. */
  enum GapReason {
    /** The server was away longer than the sender could keep everything. */
    SERVER_AWAY(1),
    /** The job was held back as long as the sender may hold it back. */
    HELD_BACK_TOO_LONG(2),
    /** A part between the job and the sender failed. */
    RELAY_FAILED(3),
    /** What the sender had kept on disk is damaged. */
    SPOOL_DAMAGED(4);

    private final int code;

    GapReason(int code) {
      this.code = code;
    }

    /** The number on the wire, from 1. */
    public int code() {
      return code;
    }
  }

  /** Why a server stops reading. The code is what the wire holds. */
  enum PauseReason {
    /** The job prints more than its limit on throughput. */
    THROUGHPUT(1),
    /** The database is slow or away. */
    STORE(2),
    /** The server's memory is full. */
    MEMORY(3);

    private final int code;

    PauseReason(int code) {
      this.code = code;
    }

    /** The number on the wire, from 1. */
    public int code() {
      return code;
    }
  }

  /** Why a server refuses a connection. The code is what the wire holds. */
  enum RefusalCode {
    /** No common protocol version. */
    VERSION(1, false),
    /** A frame that the protocol does not allow here. */
    PROTOCOL(2, false),
    /** The proof does not fit the cluster's secret. */
    PROOF(3, false),
    /** The job belongs to another user. */
    OWNER(4, false),
    /** A value out of its range. */
    VALUE(5, false),
    /** A cap on connections, streams or jobs is reached; come again. */
    FULL(6, true),
    /** The server stops or starts; come again. */
    UNAVAILABLE(7, true),
    /** Another connection carries this stream now. */
    SUPERSEDED(8, false);

    private final int code;
    private final boolean retry;

    RefusalCode(int code, boolean retry) {
      this.code = code;
      this.retry = retry;
    }

    /** The number on the wire, from 1. */
    public int code() {
      return code;
    }

    /** Whether the same greeting may be accepted later. */
    public boolean retry() {
      return retry;
    }
  }
}
