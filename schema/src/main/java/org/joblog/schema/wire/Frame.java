package org.joblog.schema.wire;

import org.joblog.schema.log.StreamKind;

/**
 * What shipper and server say to each other; {@code PROTOCOL.md} specifies the bytes and the order.
 * Immutable; the arrays are handed over and not touched again. A frame checks its own ranges: one
 * that exists is valid, and its constructor throws an {@link IllegalArgumentException} otherwise.
 */
public sealed interface Frame {

  /**
   * Server, first: who it is, which versions it speaks, and a random nonce for the proof.
   *
   * @param minVersion oldest protocol version it speaks, from 1
   * @param maxVersion newest protocol version it speaks
   * @param nonce 32 random bytes
   */
  record Challenge(int minVersion, int maxVersion, byte[] nonce) implements Frame {
    public Challenge {
      Bounds.range("oldest version", minVersion, 1, WireLimits.MAX_VERSION);
      Bounds.range("newest version", maxVersion, minVersion, WireLimits.MAX_VERSION);
      Bounds.length("nonce", nonce, WireLimits.NONCE_BYTES, WireLimits.NONCE_BYTES);
    }
  }

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
      implements Frame {
    public Greeting {
      Bounds.range("version", version, 1, WireLimits.MAX_VERSION);
      Bounds.identifier("cluster", cluster, WireLimits.MAX_ID_CHARS);
      Bounds.identifier("job", job, WireLimits.MAX_ID_CHARS);
      Bounds.range("restart", restart, 0, Integer.MAX_VALUE);
      Bounds.identifier("node", node, WireLimits.MAX_NAME_BYTES);
      Bounds.text("user", user, 1, WireLimits.MAX_NAME_BYTES);
      Bounds.range("uid", uid, 0, WireLimits.MAX_UID);
      Bounds.text("job name", jobName, 0, WireLimits.MAX_NAME_BYTES);
      Bounds.micros("start", startedMicros);
      Bounds.length("opt-in", optIn, 0, WireLimits.MAX_OPT_IN_BYTES);
      if (proof.length != 0) {
        Bounds.length("proof", proof, WireLimits.PROOF_BYTES, WireLimits.PROOF_BYTES);
      }
    }

    /** This greeting with another proof. */
    public Greeting withProof(byte[] other) {
      return new Greeting(
          version,
          cluster,
          job,
          restart,
          node,
          user,
          uid,
          jobName,
          startedMicros,
          source,
          optIn,
          other);
    }
  }

  /**
   * Server: the greeting is accepted.
   *
   * @param version the version spoken from here on
   * @param maxFrameBytes longest body of a frame that it takes
   * @param heartbeatMillis how often either side says something at least
   */
  record Welcome(int version, int maxFrameBytes, int heartbeatMillis) implements Frame {
    public Welcome {
      Bounds.range("version", version, 1, WireLimits.MAX_VERSION);
      Bounds.range(
          "longest body", maxFrameBytes, WireLimits.MIN_MAX_BODY_BYTES, WireLimits.MAX_BODY_BYTES);
      Bounds.range(
          "heartbeat ms",
          heartbeatMillis,
          WireLimits.MIN_HEARTBEAT_MILLIS,
          WireLimits.MAX_HEARTBEAT_MILLIS);
    }
  }

  /**
   * Shipper: a stream begins or goes on.
   *
   * @param stream number that stands for it on this connection, from 0
   * @param step Slurm's step id as an unsigned 32-bit number
   * @param task global rank of the task
   * @param kind which output
   */
  record OpenStream(int stream, long step, int task, StreamKind kind) implements Frame {
    public OpenStream {
      Bounds.stream(stream);
      Bounds.range("step", step, 0, WireLimits.MAX_STEP);
      Bounds.range("task", task, 0, Integer.MAX_VALUE);
    }
  }

  /**
   * Server: from which byte to go on. No acknowledgement: what is before it may still wait for its
   * commit.
   *
   * @param stream number of the stream
   * @param offset bytes of it that the server has received
   */
  record ResumePoint(int stream, long offset) implements Frame {
    public ResumePoint {
      Bounds.stream(stream);
      Bounds.offset("offset", offset);
    }
  }

  /**
   * Shipper: bytes of a stream.
   *
   * @param stream number of the stream
   * @param offset of the first byte in its stream, from 0
   * @param atMicros when they were read, microseconds since the epoch
   * @param bytes the bytes, at least one
   */
  record Data(int stream, long offset, long atMicros, byte[] bytes) implements Frame {
    public Data {
      Bounds.stream(stream);
      Bounds.length("data", bytes, 1, WireLimits.MAX_BODY_BYTES - FrameCodec.DATA_PREFIX_BYTES);
      Bounds.range("offset", offset, 0, Long.MAX_VALUE - bytes.length);
      Bounds.micros("time", atMicros);
    }
  }

  /**
   * Shipper: bytes that are lost.
   *
   * @param stream number of the stream
   * @param from offset of the first lost byte
   * @param to offset after the last lost byte
   * @param atMicros when the first of them was lost, microseconds since the epoch
   * @param reason why
   */
  record Gap(int stream, long from, long to, long atMicros, GapReason reason) implements Frame {
    public Gap {
      Bounds.stream(stream);
      Bounds.range("gap from", from, 0, Long.MAX_VALUE - 1);
      Bounds.range("gap to", to, from + 1, Long.MAX_VALUE);
      Bounds.micros("time", atMicros);
    }
  }

  /**
   * Shipper: the stream is over.
   *
   * @param stream number of the stream
   * @param offset its length in bytes
   * @param atMicros when, microseconds since the epoch
   */
  record EndOfStream(int stream, long offset, long atMicros) implements Frame {
    public EndOfStream {
      Bounds.stream(stream);
      Bounds.offset("offset", offset);
      Bounds.micros("time", atMicros);
    }
  }

  /**
   * Shipper: the command is over; no stream of this connection goes on.
   *
   * @param atMicros when, microseconds since the epoch
   * @param exitCode 0 to 255, or -1 if a signal ended it or nobody knows
   * @param signal number of the signal that ended it, or 0
   */
  record EndOfJob(long atMicros, int exitCode, int signal) implements Frame {
    public EndOfJob {
      Bounds.micros("time", atMicros);
      Bounds.range("exit code", exitCode, -1, signal == 0 ? 255 : -1);
      Bounds.range("signal", signal, 0, WireLimits.MAX_SIGNAL);
    }
  }

  /**
   * Server: everything before this offset is committed in the database. Cumulative.
   *
   * @param stream number of the stream
   * @param offset bytes of it that are stored
   */
  record Ack(int stream, long offset) implements Frame {
    public Ack {
      Bounds.stream(stream);
      Bounds.offset("offset", offset);
    }
  }

  /**
   * Shipper: something happened to a stream that is no byte of it. Best effort: it may be lost with
   * its connection, or come twice.
   *
   * @param stream number of the stream
   * @param atMicros when, microseconds since the epoch
   * @param code what happened
   * @param detail what belongs to the code, unsigned 32 bits; an errno, say
   */
  record Notice(int stream, long atMicros, NoticeCode code, long detail) implements Frame {
    public Notice {
      Bounds.stream(stream);
      Bounds.micros("time", atMicros);
      Bounds.range("notice detail", detail, 0, WireLimits.MAX_NOTICE_DETAIL);
    }
  }

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
  record Goodbye(int retryMillis) implements Frame {
    public Goodbye {
      Bounds.range("retry ms", retryMillis, 0, WireLimits.MAX_RETRY_MILLIS);
    }
  }

  /**
   * Server: it will not serve this connection.
   *
   * @param code why, and whether to come again
   * @param message the value and the expectation, in words
   */
  record Refusal(RefusalCode code, String message) implements Frame {
    public Refusal {
      Bounds.text("message", message, 0, WireLimits.MAX_MESSAGE_BYTES);
    }
  }

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

  /** What a notice tells. The code is what the wire holds. */
  enum NoticeCode {
    /**
     * The job's own file, or whatever its output goes to, refused bytes; the detail is an errno.
     */
    DESTINATION_FAILED(1);

    private final int code;

    NoticeCode(int code) {
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
    /** A frame that the protocol does not allow here, or that was damaged on the way. */
    PROTOCOL(2, true),
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
