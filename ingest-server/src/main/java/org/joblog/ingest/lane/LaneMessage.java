package org.joblog.ingest.lane;

import java.util.Map;
import java.util.Set;
import org.joblog.ingest.store.CommitOutcome;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.ingest.store.OpenedStream;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.options.Mode;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;

/**
 * What other threads tell a lane. Immutable; arrays are handed over and not touched again. Only
 * what comes from a peer is for other rooms to make.
 */
public sealed interface LaneMessage {

  /** From a connection. */
  sealed interface FromPeer extends LaneMessage {
    Session session();
  }

  /** A sender greets; its opt-in file counts if the job is not known yet. */
  record Greet(Session session, JobFacts facts, byte[] optIn) implements FromPeer {}

  /** A stream begins or goes on. */
  record Open(Session session, int stream, StreamIdentity identity) implements FromPeer {}

  /** Bytes of a stream; the cost is released when their effects are committed. */
  record Bytes(Session session, int stream, long offset, long atMicros, byte[] bytes, long cost)
      implements FromPeer {}

  /** Bytes of a stream are lost. */
  record Lost(Session session, int stream, long from, long to, long atMicros, GapReason reason)
      implements FromPeer {}

  /** Something happened to a stream that is no byte of it. */
  record Noticed(Session session, int stream, long atMicros, NoticeCode code, long detail)
      implements FromPeer {}

  /** A stream is over. */
  record EndOfStream(Session session, int stream, long offset, long atMicros) implements FromPeer {}

  /** The command is over. */
  record EndOfJob(Session session, long atMicros, int exitCode, int signal) implements FromPeer {}

  /** The connection is gone. */
  record Gone(Session session) implements FromPeer {}

  /** The store has opened a job. */
  record JobOpened(Job job, OpenedJob opened) implements LaneMessage {}

  /** The store could not make anything of the greeting. */
  record JobNotOpened(Job job) implements LaneMessage {}

  /** The store could not make anything of the stream. */
  record StreamNotOpened(Session session) implements LaneMessage {}

  /** The store has opened a stream. */
  record StreamOpened(Session session, int stream, StreamIdentity identity, OpenedStream opened)
      implements LaneMessage {}

  /** The store has committed the batch that it was given. */
  record Committed(CommitOutcome outcome) implements LaneMessage {}

  /**
   * Some server changed modes: the store is asked for them.
   *
   * @param jobKeys of which jobs; empty if nobody knows
   */
  record ModesMayHaveChanged(Set<Long> jobKeys) implements LaneMessage {}

  /** The store's answer. */
  record ModesRead(Map<Long, Mode> modes) implements LaneMessage {}

  /** No more connections come: commit what is there, tell the senders, and end. */
  record Drain() implements LaneMessage {}
}
