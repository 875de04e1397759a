package org.joblog.ingest.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.JobEnd;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.command.CommandResult;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.ingest.metadata.KeyTable;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;
import org.joblog.ingest.metadata.RecordReading;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.options.Mode;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;
import org.jspecify.annotations.Nullable;

/**
 * A job in memory: its mode, its metadata keys, its streams on this server, and what happened to it
 * since the last batch. Confined to its lane's thread.
 */
final class Job {

  private final JobFacts facts;
  private final List<String> optInNotices;
  private final JobContext context;
  private final JobNews news;
  private final Brake brake;
  private final List<Session> sessions = new ArrayList<>(1);
  private final Map<StreamIdentity, Route> routes = new HashMap<>();
  private final Map<StreamIdentity, Streams.Opening> opening = new HashMap<>();
  private final Set<Route> dirtyRoutes = new LinkedHashSet<>();

  private @Nullable OpenedJob opened;
  private Mode mode;
  private boolean modeChanged;
  private int modesInFlight;
  private boolean commandsSeen;
  private KeyTable keys;
  private long nextRecord;
  private @Nullable JobEnd end;
  private boolean over;
  private List<MetadataRecord> records = new ArrayList<>();
  private long idleSinceNanos;

  /**
   * A job that the database has not been asked for yet.
   *
   * @param optInNotices what was wrong with its opt-in file, in words
   */
  Job(JobFacts facts, List<String> optInNotices, JobContext context) {
    this.facts = facts;
    this.optInNotices = List.copyOf(optInNotices);
    this.context = context;
    mode = facts.options().mode();
    keys = new KeyTable(context.tools().metadata(), List.of());
    news = new JobNews(context.limits().noticesPerJob(), context.clock());
    brake = new Brake(this, context.timers(), context.clock(), context.meter());
    idleSinceNanos = context.clock().nanos();
  }

  JobFacts facts() {
    return facts;
  }

  LaneLimits limits() {
    return context.limits();
  }

  JobContext context() {
    return context;
  }

  Brake brake() {
    return brake;
  }

  List<Session> sessions() {
    return sessions;
  }

  Map<StreamIdentity, Route> routes() {
    return routes;
  }

  /** Streams that are being opened. */
  Map<StreamIdentity, Streams.Opening> opening() {
    return opening;
  }

  /**
   * The stream is no longer this server's, or its state is not to be trusted.
   *
   * @return whether it was known
   */
  boolean forget(Route route) {
    dirtyRoutes.remove(route);
    return routes.values().remove(route);
  }

  /** The route has something to write. */
  void touched(Route route) {
    dirtyRoutes.add(route);
    context.dirty().accept(this);
  }

  Mode mode() {
    return mode;
  }

  /** What the database said of the job, or null while it has not answered. */
  @Nullable OpenedJob opened() {
    return opened;
  }

  /** Whether a change of the mode by this server is not in the database yet. */
  boolean modeIsUncommitted() {
    return modeChanged || modesInFlight > 0;
  }

  void modeCommitted() {
    // A job that was forgotten and came back meanwhile has none of its own on the way.
    modesInFlight = Math.max(0, modesInFlight - 1);
  }

  boolean obeysCommands() {
    return opened == null ? facts.options().commands() : opened.options().commands();
  }

  /** The database knows the job: what it says counts, not what this greeting says. */
  void open(OpenedJob answer) {
    opened = answer;
    mode = answer.options().mode();
    keys = new KeyTable(context.tools().metadata(), answer.statistics());
    keys.alreadyTold(answer.capNotices());
    nextRecord = answer.nextRecord();
    if (answer.created()) {
      long at = Math.min(facts.startedMicros(), context.clock().micros());
      news.options(at, mode, optInNotices);
      context.dirty().accept(this);
    }
  }

  /** Since when the job has had no connection and nothing to write. */
  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void touch(long nowNanos) {
    idleSinceNanos = nowNanos;
  }

  /** Whether a command was ever given: then a gap may have swallowed another. */
  boolean commandsSeen() {
    return commandsSeen;
  }

  /** A stream was restored whose checkpoint says whether commands were seen. */
  void restored(boolean seen) {
    commandsSeen |= seen;
  }

  /**
   * The job goes to another mode: all its streams here do so at once.
   *
   * @param stored whether the database knows it already, from another server
   */
  void changeMode(Mode to, boolean stored) {
    modeChanged |= !stored && mode != to;
    mode = to;
    for (Route route : routes.values()) {
      route.modeChanged(to);
    }
    context.dirty().accept(this);
  }

  /** A stream printed a valid command. */
  void obey(Route route, CommandResult.Valid command) {
    Mode from = mode;
    Mode to = command.mode() == null ? from : command.mode();
    commandsSeen = true;
    if (from != to) {
      changeMode(to, false);
    }
    news.obeyed(route, from, to, command.notices());
    context.dirty().accept(this);
  }

  /** A stream printed a line that begins like a command and is none: when in doubt, hide. */
  void misunderstood(Route route, String reason) {
    commandsSeen = true;
    news.misunderstood(route, reason);
    changeMode(Mode.DISABLED, false);
  }

  /**
   * Bytes of a stream will never come. A job that uses commands goes to disabled, because a command
   * to do so may be among them.
   *
   * @param from offset of the first
   * @param bytes how many
   */
  void gap(Route route, long from, long bytes, GapReason reason) {
    boolean hide = commandsSeen && obeysCommands() && mode != Mode.DISABLED;
    news.gap(route, from, bytes, reason, hide);
    if (hide) {
      changeMode(Mode.DISABLED, false);
    }
    context.dirty().accept(this);
  }

  /** Something happened to a stream on the node. */
  void noticed(Route route, NoticeCode code, long detail) {
    news.noticed(route, code, detail);
    context.dirty().accept(this);
  }

  /** Something happened to the job as a whole. */
  void happened(Event event) {
    news.add(event);
    context.dirty().accept(this);
  }

  /** Adds a metadata record that a stream printed. */
  void record(Route route, RecordReading reading) {
    long sequence = nextRecord++;
    long at = route.atMicros();
    List<NumericValue> graphed = keys.accept(sequence, at, reading);
    records.add(new MetadataRecord(sequence, at, route.streamKey(), -1, reading.json(), graphed));
    keys.takeNotices().forEach(notice -> news.metadataCap(route, notice));
    context.dirty().accept(this);
  }

  /**
   * A sender greets.
   *
   * @return whether the job had ended, so that the database must be told that it goes on: another
   *     wrapped command of the same batch script
   */
  boolean resume() {
    boolean wasOver = over;
    over = false;
    return wasOver;
  }

  /** How the command ended. */
  void ended(JobEnd how) {
    end = how;
    over = true;
    context.dirty().accept(this);
  }

  /** Everything since the last call. */
  JobBatch collect(long key, List<Written> written) {
    JobBatch batch =
        new JobBatch(
            key,
            modeChanged ? mode : null,
            end,
            news.take(end != null),
            records,
            records.isEmpty() ? KeyNews.NONE : keys.takeNews(),
            collectStreams(written));
    modesInFlight += modeChanged ? 1 : 0;
    modeChanged = false;
    end = null;
    records = new ArrayList<>();
    return batch;
  }

  private List<StreamBatch> collectStreams(List<Written> written) {
    List<StreamBatch> streams = new ArrayList<>(dirtyRoutes.size());
    for (Route route : dirtyRoutes) {
      StreamBatch batch = route.collect();
      streams.add(batch);
      written.add(new Written(route, batch));
    }
    dirtyRoutes.clear();
    return streams;
  }
}
