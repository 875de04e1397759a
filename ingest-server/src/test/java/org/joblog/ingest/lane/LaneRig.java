package org.joblog.ingest.lane;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.joblog.ingest.command.CommandLimits;
import org.joblog.ingest.command.CommandReader;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.repeat.FoldLimits;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StoreUnavailable;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.options.JobOptions;

/**
 * A lane that is worked by hand, with time that stands still.
 *
 * @param <S> its store
 */
final class LaneRig<S extends Store> {

  static final StreamIdentity OUT = new StreamIdentity(0, "n1", 0, StreamKind.STDOUT, 1);
  static final StreamIdentity ERR = new StreamIdentity(0, "n1", 0, StreamKind.STDERR, 1);

  final S store;
  final Queue<StoreTask> tasks = new ArrayDeque<>();
  final LaneLimits limits;
  final Lane lane;
  long nanos = 1_000_000_000L;

  LaneRig(S store, LaneLimits limits) {
    this.store = store;
    this.limits = limits;
    MetadataLimits metadata = MetadataLimits.DEFAULT;
    RouteTools tools =
        new RouteTools(
            ConsoleLimits.DEFAULTS,
            FoldLimits.DEFAULTS,
            metadata,
            new CommandReader(CommandLimits.DEFAULT),
            new RecordReader(metadata));
    Clock clock =
        new Clock() {
          @Override
          public long nanos() {
            return nanos;
          }

          @Override
          public long micros() {
            return nanos / 1000;
          }
        };
    lane = new Lane(new LaneParts(limits, tools, clock, LaneMeter.NONE), tasks::add);
  }

  static LaneRig<MemoryStore> inMemory() {
    return new LaneRig<>(new MemoryStore(), LaneLimits.DEFAULT);
  }

  /** Lets the lane take everything, without letting the store answer. */
  void work() {
    try {
      do {
        lane.doWork(0);
      } while (lane.hasWork());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets the store answer one question; false if there is none. */
  boolean answer() {
    StoreTask task = tasks.poll();
    if (task == null) {
      return false;
    }
    try {
      lane.tell(
          switch (task) {
            case StoreTask.OpenJob open ->
                new LaneMessage.JobOpened(open.job(), store.openJob(open.facts()));
            case StoreTask.OpenStream open ->
                new LaneMessage.StreamOpened(
                    open.session(),
                    open.stream(),
                    open.identity(),
                    store.openStream(open.jobKey(), open.identity()));
            case StoreTask.ReadModes read -> new LaneMessage.ModesRead(store.modes(read.jobKeys()));
            case StoreTask.Commit commit -> new LaneMessage.Committed(store.commit(commit.batch()));
          });
    } catch (StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
    return true;
  }

  /** Works until nothing is left to do. */
  void settle() {
    work();
    while (answer()) {
      work();
    }
  }

  /** Time passes, and what is due is done. */
  void pass(long millis) {
    nanos += millis * 1_000_000;
    settle();
  }

  /** A connection for a job whose opt-in file has the given text. */
  Connection connect(String job, String optIn) {
    return connect(job, optIn, 1000);
  }

  Connection connect(String job, String optIn, long uid) {
    Connection connection = new Connection();
    JobFacts facts = new JobFacts("c", job, 0, "alice", uid, "train", 0, JobOptions.WHEN_IN_DOUBT);
    byte[] yaml = optIn.getBytes(StandardCharsets.UTF_8);
    lane.tell(new LaneMessage.Greet(connection.session, facts, yaml));
    settle();
    return connection;
  }

  /** One sender's end. */
  final class Connection {

    final FakePeer peer = new FakePeer();
    final Session session = lane.connect(peer);

    Connection open(int stream, StreamIdentity identity) {
      lane.tell(new LaneMessage.Open(session, stream, identity));
      settle();
      return this;
    }

    void send(int stream, long offset, String text) {
      send(stream, offset, text.getBytes(StandardCharsets.UTF_8));
    }

    void send(int stream, long offset, byte[] bytes) {
      lane.tell(new LaneMessage.Bytes(session, stream, offset, nanos / 1000, bytes, bytes.length));
    }

    void end(int stream, long offset) {
      lane.tell(new LaneMessage.EndOfStream(session, stream, offset, nanos / 1000));
    }

    void endJob(int exitCode) {
      lane.tell(new LaneMessage.EndOfJob(session, nanos / 1000, exitCode, 0));
    }

    void gone() {
      lane.tell(new LaneMessage.Gone(session));
    }
  }
}
