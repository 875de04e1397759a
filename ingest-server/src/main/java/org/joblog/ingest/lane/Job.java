package org.joblog.ingest.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.JobEnd;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.command.CommandResult;
import org.joblog.ingest.metadata.KeyTable;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;
import org.joblog.ingest.metadata.RecordReading;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.options.Mode;
import org.joblog.schema.wire.Frame.GapReason;
import org.jspecify.annotations.Nullable;

/**
 * A job in memory: its mode, its metadata keys, its streams on this server, and what happened to it
 * since the last batch. Confined to its lane's thread.
 */
final class Job {

  private final JobFacts facts;
  private final List<String> optInNotices;
  private final JobContext context;
  private final Brake brake;
  private final List<Session> sessions = new ArrayList<>(1);
  private final Map<StreamIdentity, Route> routes = new HashMap<>();
  private final Map<StreamIdentity, Registry.Opening> opening = new HashMap<>();
  private final Set<Route> dirtyRoutes = new LinkedHashSet<>();

  private @Nullable OpenedJob opened;
  private Mode mode;
  private boolean modeChanged;
  private boolean modeInFlight;
  private boolean commandsSeen;
  private KeyTable keys;
  private long nextRecord;
  private @Nullable JobEnd end;
  private List<Event> events = new ArrayList<>();
  private List<MetadataRecord> records = new ArrayList<>();
  private long leftOut;
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
  Map<StreamIdentity, Registry.Opening> opening() {
    return opening;
  }

  /** The stream is no longer this server's, or its state is not to be trusted. */
  void forget(Route route) {
    routes.values().remove(route);
    dirtyRoutes.remove(route);
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
    return modeChanged || modeInFlight;
  }

  void modeCommitted() {
    modeInFlight = false;
  }

  boolean obeysCommands() {
    return opened == null ? facts.options().commands() : opened.options().commands();
  }

  /** The database knows the job: what it says counts, not what this greeting says. */
  void open(OpenedJob answer) {
    opened = answer;
    mode = answer.options().mode();
    keys = new KeyTable(context.tools().metadata(), answer.statistics());
    nextRecord = answer.nextRecord();
    if (answer.created()) {
      tellOptions();
    }
  }

  /** What is not as everybody expects it: a mode that hides, and what was wrong with the file. */
  private void tellOptions() {
    long at = Math.min(facts.startedMicros(), context.clock().micros());
    if (mode != Mode.ENABLED) {
      String details = "{\"mode\": \"" + mode.word() + "\"}";
      String begin = "Logging began in mode " + mode.word() + ".";
      happened(new Event(at, 0, 0, EventKind.OPTIONS, begin, details));
    }
    for (String notice : optInNotices) {
      happened(new Event(at, 0, 0, EventKind.OPTIONS, notice, "{}"));
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
  void obey(Route route, long atMicros, CommandResult.Valid command) {
    Mode from = mode;
    Mode to = command.mode() == null ? from : command.mode();
    commandsSeen = true;
    if (from != to) {
      changeMode(to, false);
    }
    String message =
        from == to
            ? "A command left the mode as it is: " + to.word() + "."
            : "A command changed the mode from " + from.word() + " to " + to.word() + ".";
    String details = "{\"old\": \"%s\", \"new\": \"%s\"}".formatted(from.word(), to.word());
    happened(event(route, atMicros, EventKind.COMMAND, message, details));
    for (String notice : command.notices()) {
      happened(event(route, atMicros, EventKind.COMMAND_ERROR, notice, "{}"));
    }
  }

  /** A stream printed a line that begins like a command and is none: when in doubt, hide. */
  void misunderstood(Route route, long atMicros, String reason) {
    commandsSeen = true;
    String message =
        "A line begins with /LOGCOMMAND and is not a valid command: "
            + reason
            + ". The job is in mode disabled until a valid command arrives.";
    happened(event(route, atMicros, EventKind.COMMAND_ERROR, message, "{}"));
    changeMode(Mode.DISABLED, false);
  }

  /**
   * Bytes of a stream that will never come.
   *
   * @param from offset of the first
   * @param bytes how many
   */
  record Missing(long from, long bytes, GapReason reason) {}

  /**
   * Bytes of a stream are lost. A job that uses commands goes to disabled, because a command to do
   * so may be among them.
   */
  void gap(Route route, long atMicros, Missing missing) {
    boolean hide = commandsSeen && obeysCommands() && mode != Mode.DISABLED;
    String message =
        "%,d bytes of %s are missing from here: %s.%s"
            .formatted(
                missing.bytes(),
                route.kind().name().toLowerCase(Locale.ROOT),
                words(missing.reason()),
                hide
                    ? " A command may be among them, so the job is in mode disabled until a valid"
                        + " command arrives."
                    : "");
    String details =
        "{\"from\": %d, \"bytes\": %d, \"reason\": \"%s\"}"
            .formatted(
                missing.from(), missing.bytes(), missing.reason().name().toLowerCase(Locale.ROOT));
    happened(event(route, atMicros, EventKind.GAP, message, details));
    if (hide) {
      changeMode(Mode.DISABLED, false);
    }
  }

  private static String words(GapReason reason) {
    return switch (reason) {
      case SERVER_AWAY -> "the server was away longer than the node could keep them";
      case HELD_BACK_TOO_LONG -> "the job had been held back for as long as it may be";
      case RELAY_FAILED -> "a part of the logging on the node failed";
      case SPOOL_DAMAGED -> "what the node had kept on disk is damaged";
    };
  }

  private static Event event(
      Route route, long atMicros, EventKind kind, String message, String details) {
    return new Event(atMicros, route.streamKey(), route.nextLine(), kind, message, details);
  }

  /** Records something that the job's dashboard shows. */
  void happened(Event event) {
    if (event.kind() == EventKind.COMMAND_ERROR && events.size() >= limits().noticesPerJob()) {
      leftOut++;
    } else {
      events.add(event);
    }
    context.dirty().accept(this);
  }

  /** Adds a metadata record that a stream printed. */
  void record(RecordReading reading, long atMicros, long streamKey) {
    long sequence = nextRecord++;
    List<NumericValue> graphed = keys.accept(sequence, atMicros, reading);
    records.add(new MetadataRecord(sequence, atMicros, streamKey, -1, reading.json(), graphed));
    for (String notice : keys.takeNotices()) {
      happened(new Event(atMicros, streamKey, 0, EventKind.METADATA_CAP, notice, "{}"));
    }
    context.dirty().accept(this);
  }

  /** How the command ended. */
  void ended(JobEnd how) {
    end = how;
    context.dirty().accept(this);
  }

  /** Everything since the last call. */
  JobBatch collect(long key, List<Written> written) {
    if (leftOut > 0) {
      String message = leftOut + " more messages of this kind left out";
      long now = context.clock().micros();
      events.add(new Event(now, 0, 0, EventKind.COMMAND_ERROR, message, "{}"));
      leftOut = 0;
    }
    JobBatch batch =
        new JobBatch(
            key,
            modeChanged ? mode : null,
            end,
            events,
            records,
            records.isEmpty() ? List.of() : keys.takeChanged(),
            collectStreams(written));
    modeInFlight |= modeChanged;
    modeChanged = false;
    end = null;
    events = new ArrayList<>();
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
