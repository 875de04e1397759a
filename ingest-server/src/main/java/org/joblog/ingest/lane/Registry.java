package org.joblog.ingest.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.JobEnd;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.options.OptInFile;
import org.joblog.ingest.options.OptInResult;
import org.joblog.ingest.store.CommitOutcome;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.schema.options.Mode;
import org.joblog.schema.wire.Frame.RefusalCode;

/**
 * The jobs of a lane by name and by key: greetings find or open them, sessions come and go.
 * Confined to its lane's thread.
 */
final class Registry {

  /** Which job, as senders name it. */
  private record Name(String cluster, String job, int restart) {
    static Name of(JobFacts facts) {
      return new Name(facts.cluster(), facts.job(), facts.restart());
    }
  }

  private final LaneLimits limits;
  private final Clock clock;
  private final LaneMeter meter;
  private final Timers timers;
  private final Consumer<StoreTask> writer;
  private final JobContext context;
  private final Streams streams;
  private final Map<Name, Job> byName = new HashMap<>();
  private final Map<Long, Job> byKey = new HashMap<>();
  private final Set<Job> dirty = new LinkedHashSet<>();

  Registry(LaneParts parts, Timers timers, Consumer<StoreTask> writer) {
    limits = parts.limits();
    clock = parts.clock();
    meter = parts.meter();
    this.timers = timers;
    this.writer = writer;
    streams = new Streams(parts, writer, this::refuse);
    context = new JobContext(limits, parts.tools(), clock, meter, timers, dirty::add);
  }

  void handle(LaneMessage.FromPeer message) {
    switch (message) {
      case LaneMessage.Greet greet -> greet(greet);
      case LaneMessage.Open open -> streams.open(open);
      case LaneMessage.Bytes bytes -> streams.bytes(bytes);
      case LaneMessage.Lost lost -> streams.lost(lost);
      case LaneMessage.Noticed noticed -> streams.noticed(noticed);
      case LaneMessage.EndOfStream end -> streams.end(end);
      case LaneMessage.EndOfJob end -> endOfJob(end);
      case LaneMessage.Gone gone -> gone(gone.session());
    }
  }

  /** The streams of all jobs. */
  Streams streams() {
    return streams;
  }

  // Jobs

  private void greet(LaneMessage.Greet greet) {
    Name name = Name.of(greet.facts());
    Job job = byName.get(name);
    if (job == null) {
      OptInResult optIn = OptInFile.read(greet.optIn());
      JobFacts facts = greet.facts().with(optIn.options());
      job = new Job(facts, optIn.notices(), context);
      byName.put(name, job);
      meter.jobs(1);
      writer.accept(new StoreTask.OpenJob(job, facts));
    }
    greet.session().join(job, greet.facts().uid());
    job.sessions().add(greet.session());
    if (job.resume()) {
      writer.accept(new StoreTask.OpenJob(job, job.facts()));
    } else if (job.opened() != null) {
      admit(greet.session(), job.opened());
    }
  }

  void jobOpened(LaneMessage.JobOpened answer) {
    Job job = answer.job();
    if (job.opened() == null) {
      job.open(answer.opened());
      byKey.put(answer.opened().jobKey(), job);
    }
    for (Session session : List.copyOf(job.sessions())) {
      if (!session.admitted()) {
        admit(session, answer.opened());
      }
    }
    evictLater(job);
  }

  void jobNotOpened(Job job) {
    byName.remove(Name.of(job.facts()), job);
    meter.jobs(-1);
    for (Session session : List.copyOf(job.sessions())) {
      streams.refuseForNow(session);
    }
  }

  private void admit(Session session, OpenedJob opened) {
    if (session.uid() != opened.uid()) {
      refuse(
          session,
          RefusalCode.OWNER,
          "uid: " + session.uid() + " (expected: that of the job's first greeting)");
      return;
    }
    session.admit();
    Job job = session.job();
    if (job != null) {
      job.brake().joined(session);
    }
  }

  /**
   * Some server changed modes. What it said may be out of date by now, also by this server's own
   * commits, so the store is asked; its answer comes after what is being committed.
   */
  void askForModes(Set<Long> jobKeys) {
    Set<Long> known = new HashSet<>(byKey.keySet());
    if (!jobKeys.isEmpty()) {
      known.retainAll(jobKeys);
    }
    if (!known.isEmpty()) {
      writer.accept(new StoreTask.ReadModes(known));
    }
  }

  /** The store's modes hold, but where a change of this server is on its way to it. */
  void modesRead(Map<Long, Mode> modes) {
    modes.forEach((key, mode) -> {
      Job job = byKey.get(key);
      if (job != null && job.mode() != mode && !job.modeIsUncommitted()) {
        job.changeMode(mode, true);
      }
    });
  }

  private void endOfJob(LaneMessage.EndOfJob message) {
    Job job = message.session().job();
    if (job != null && job.opened() != null) {
      job.ended(new JobEnd(message.atMicros(), message.exitCode(), message.signal()));
      message.session().requestEnd();
    }
  }

  // The end of sessions

  private void gone(Session session) {
    session.close();
    Job job = session.job();
    if (job == null) {
      return;
    }
    job.sessions().remove(session);
    for (Route route : session.routes()) {
      if (route != null && route.session() == session) {
        route.detach();
      }
    }
    job.touch(clock.nanos());
    evictLater(job);
  }

  /** Something in this session met a bug: it is closed, the others go on. */
  void fail(Session session) {
    Job job = session.job();
    if (job != null) {
      for (Route route : session.routes()) {
        if (route != null) {
          streams.forget(route);
        }
      }
    }
    streams.refuseForNow(session);
  }

  private void refuse(Session session, RefusalCode code, String message) {
    session.peer().refuse(code, message);
    gone(session);
  }

  // Batches

  List<JobBatch> collect(List<Written> streams) {
    List<JobBatch> jobs = new ArrayList<>(dirty.size());
    for (Job job : dirty) {
      OpenedJob known = job.opened();
      if (known != null) {
        jobs.add(job.collect(known.jobKey(), streams));
      }
    }
    dirty.removeIf(job -> job.opened() != null);
    return jobs;
  }

  /** A job's part of a batch is committed. */
  void written(JobBatch batch) {
    Job job = byKey.get(batch.jobKey());
    if (job != null && batch.mode() != null) {
      job.modeCommitted();
    }
  }

  /** A stream's part of a batch is committed, or another server has taken the stream over. */
  void written(Written written, CommitOutcome outcome) {
    Route route = written.route();
    StreamBatch batch = written.batch();
    Session session = route.session();
    if (outcome.superseded().contains(batch.streamKey())) {
      streams.forget(route);
      if (session != null) {
        streams.supersede(session);
      }
      return;
    }
    route.committed(batch.offset());
    if (session != null) {
      session.peer().acknowledge(route.number(), batch.offset());
    }
  }

  private void evictLater(Job job) {
    long due = clock.nanos() + limits.idleJob().toNanos();
    timers.at(due, () -> evict(job, due));
  }

  private void evict(Job job, long due) {
    boolean idle = job.sessions().isEmpty() && job.opening().isEmpty();
    if (!idle || dirty.contains(job) || due - job.idleSinceNanos() < limits.idleJob().toNanos()) {
      return;
    }
    OpenedJob known = job.opened();
    if (known != null && byKey.remove(known.jobKey(), job)) {
      byName.remove(Name.of(job.facts()), job);
      meter.jobs(-1);
      meter.streams(-job.routes().size());
    }
  }
}
