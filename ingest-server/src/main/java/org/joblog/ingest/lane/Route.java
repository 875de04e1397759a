package org.joblog.ingest.lane;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.LogLine;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.command.CommandResult;
import org.joblog.ingest.console.Console;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.console.Segment;
import org.joblog.ingest.line.Candidate;
import org.joblog.ingest.line.LineSorter;
import org.joblog.ingest.metadata.RecordReading;
import org.joblog.ingest.repeat.Fold;
import org.joblog.ingest.store.OpenedStream;
import org.joblog.ingest.stream.Joiner;
import org.joblog.schema.log.LineKind;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.options.Mode;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;
import org.jspecify.annotations.Nullable;

/**
 * The way of one stream's bytes through the house: the staircase to read first. Confined to its
 * lane's thread.
 *
 * <pre>
 *   data() → Joiner → Console ─┬─ completed(row) → LineSorter ─┬─ command → Job (mode, event)
 *                              │                               └─ object  → Job (record)
 *                              └─ finished(row) → Fold → line() → Outbox ─ collect() → batch
 * </pre>
 */
final class Route implements Console.Outlet, Fold.Outlet {

  private static final byte[] NO_CHECKPOINT = {};

  private final Job job;
  private final RouteTools tools;
  private final StreamKind kind;
  private final long streamKey;
  private final long owner;
  private final Joiner joiner;

  /** Bytes of the stream that are in the database: what may be acknowledged. */
  private long committed;

  private final Console console;
  private final Fold fold;
  private final Outbox outbox;
  private final Journal journal;
  private @Nullable Session session;
  private int number;
  private long lines;
  private long atMicros;
  private boolean noticed;
  private boolean ended;

  /** While a checkpoint's journal is replayed nothing has an effect but on the state. */
  private boolean silent;

  /** The mode that the console is in: the job's, but for bytes that were hidden once already. */
  private Mode mode;

  /** Bytes before this offset were processed in a hidden mode, and stay hidden when they return. */
  private long hiddenUntil;

  /** The command line that is being obeyed, while it and the rows before it become final. */
  private byte @Nullable [] commandLine;

  Route(Job job, StreamKind kind, OpenedStream opened) {
    this.job = job;
    this.kind = kind;
    tools = job.context().tools();
    streamKey = opened.streamKey();
    owner = opened.owner();
    ended = opened.ended();
    joiner = new Joiner(opened.offset());
    committed = opened.offset();
    Checkpoint checkpoint = Checkpoint.of(opened, job.mode(), tools, this);
    console = checkpoint.console();
    fold = checkpoint.fold();
    mode = checkpoint.mode();
    hiddenUntil = checkpoint.hiddenUntil();
    outbox = new Outbox(job.limits().batch(), checkpoint.open());
    journal = new Journal(job.limits().batch().journalBytes());
    replay(opened.journal());
    job.restored(checkpoint.commandsSeen());
    modeChanged(job.mode());
  }

  private void replay(byte[] kept) {
    silent = true;
    Journal.replay(
        kept,
        (at, bytes) -> {
          push(bytes, 0, bytes.length, at);
          journal.add(bytes, 0, bytes.length, at);
        });
    silent = false;
  }

  // What comes in

  /**
   * Takes a chunk. Bytes that are missing before it and that nobody declared are a gap: better than
   * to lose what follows.
   *
   * @return how many lines it completed
   */
  long data(long offset, long at, byte[] bytes) {
    if (joiner.misses(offset)) {
      gap(offset, at, GapReason.RELAY_FAILED);
    }
    int from = joiner.overlap(offset, bytes.length);
    if (from == bytes.length || ended) {
      return 0;
    }
    long before = lines;
    int hidden = Math.clamp(hiddenUntil - offset, from, bytes.length);
    take(bytes, from, hidden, at);
    modeChanged(job.mode());
    take(bytes, hidden, bytes.length, at);
    return lines - before;
  }

  private void take(byte[] bytes, int from, int to, long at) {
    if (from < to) {
      journal.add(bytes, from, to, at);
      joiner.advance(joiner.next() + to - from);
      push(bytes, from, to, at);
      outbox.screenChanged();
      job.touched(this);
    }
  }

  private void push(byte[] bytes, int from, int to, long at) {
    atMicros = at;
    console.push(bytes, from, to, at);
  }

  /** Bytes are lost: what was there is final, what comes begins a line. */
  void gap(long to, long at, GapReason reason) {
    if (!joiner.misses(to) || ended) {
      return;
    }
    long missing = to - joiner.next();
    atMicros = at;
    settle();
    job.gap(this, joiner.next(), missing, reason);
    joiner.advance(to);
    changed();
  }

  /** Something happened to it on the node: told once, because a notice may come twice. */
  void noticed(long at, NoticeCode code, long detail) {
    if (!noticed && !ended) {
      noticed = true;
      atMicros = at;
      job.noticed(this, code, detail);
    }
  }

  /** The stream is over, at this offset. */
  void end(long offset, long at) {
    gap(offset, at, GapReason.RELAY_FAILED);
    if (!ended) {
      atMicros = at;
      console.end(at);
      fold.flush();
      outbox.seal();
      ended = true;
    }
    changed();
  }

  /** The job is in this mode now; bytes that were hidden once stay so all the same. */
  void modeChanged(Mode to) {
    Mode from = mode;
    if (from == to || joiner.next() < hiddenUntil) {
      return;
    }
    mode = to;
    if (from.storesText()) {
      settle();
      outbox.seal();
      console.hide();
    } else {
      console.show();
      if (!to.storesText()) {
        console.hide();
      }
    }
    changed();
  }

  /** Everything printed so far is final: nothing that follows can change it. */
  private void settle() {
    console.commit();
    fold.flush();
  }

  private void changed() {
    journal.giveUp();
    outbox.screenChanged();
    job.touched(this);
  }

  // What the console pours

  @Override
  public LineKind completed(Row row, @Nullable Segment segment) {
    lines++;
    Candidate candidate = LineSorter.sort(row, segment);
    return switch (candidate.what()) {
      case TEXT -> LineKind.TEXT;
      case COMMAND ->
          job.obeysCommands() ? command(row, tools.commands().choose(candidate)) : LineKind.TEXT;
      case OBJECT -> object(candidate);
    };
  }

  @Override
  public void finished(Row row) {
    byte[] obeyed = commandLine;
    if (obeyed != null
        && Arrays.equals(obeyed, 0, obeyed.length, row.bytes(), row.from(), row.to())) {
      fold.row(row.as(LineKind.COMMAND));
      return;
    }
    fold.row(row);
  }

  // What the fold pours

  @Override
  public void line(Row line, long repeats) {
    outbox.line(line, repeats);
  }

  // What lines mean

  private LineKind command(Row row, Candidate candidate) {
    CommandResult result =
        tools.commands().read(candidate.bytes(), candidate.from(), candidate.to());
    Candidate raw = candidate.otherwise();
    if (raw != null && result instanceof CommandResult.Invalid) {
      return command(row, raw);
    }
    return switch (result) {
      case CommandResult.NotACommand _ -> LineKind.TEXT;
      case CommandResult.Invalid invalid -> {
        if (!silent) {
          settle();
          job.misunderstood(this, invalid.reason());
        }
        yield LineKind.TEXT;
      }
      case CommandResult.Valid valid -> {
        if (!silent) {
          show(row, candidate, valid);
          job.obey(this, valid);
        }
        yield LineKind.COMMAND;
      }
    };
  }

  /** A command is shown unless the mode before and after it is metadata. */
  private void show(Row row, Candidate line, CommandResult.Valid valid) {
    if (mode.storesText()) {
      commandLine = Arrays.copyOfRange(row.bytes(), row.from(), row.to());
      settle();
      commandLine = null;
    } else if (mode != Mode.METADATA || (valid.mode() != null && valid.mode() != Mode.METADATA)) {
      fold.flush();
      outbox.line(line.bytes(), line.from(), line.to(), LogLine.plain(LineKind.COMMAND, atMicros));
    }
    changed();
  }

  private LineKind object(Candidate candidate) {
    if (!kind.carriesMetadata() || !mode.storesMetadata()) {
      return LineKind.TEXT;
    }
    Optional<RecordReading> reading =
        tools.records().read(candidate.bytes(), candidate.from(), candidate.to());
    if (reading.isEmpty()) {
      return LineKind.TEXT;
    }
    if (!silent) {
      job.record(this, reading.get());
    }
    return LineKind.METADATA;
  }

  // What goes out

  /** What must be written of the stream for its offset to move on. */
  StreamBatch collect() {
    long rewind = ended ? 0 : console.rewind();
    boolean whole =
        ended || rewind > 0 || !mode.storesText() || !journal.holds() || outbox.hasChunks();
    List<Chunk> chunks = outbox.takeChunks();
    byte[] checkpoint = whole ? checkpoint(rewind) : null;
    if (whole) {
      journal.restart();
    }
    Screen screen =
        ended
            ? Screen.EMPTY
            : outbox.takeScreen(console, fold, job.context(), () -> job.touched(this));
    return new StreamBatch(
        streamKey,
        owner,
        joiner.next() - rewind,
        checkpoint,
        journal.toByteArray(),
        outbox.scrollbackEnd(),
        chunks,
        screen,
        joiner.next(),
        ended);
  }

  private byte[] checkpoint(long rewind) {
    if (ended) {
      return NO_CHECKPOINT;
    }
    long until = rewind > 0 ? Math.max(hiddenUntil, joiner.next()) : 0;
    return new Checkpoint(mode, until, job.commandsSeen(), console, fold, outbox.open())
        .toByteArray();
  }

  // Who carries it

  Job job() {
    return job;
  }

  StreamKind kind() {
    return kind;
  }

  /** When the bytes that are being processed were printed, microseconds since the epoch. */
  long atMicros() {
    return atMicros;
  }

  long streamKey() {
    return streamKey;
  }

  /** How many lines the stream has, as events count them. */
  long nextLine() {
    return outbox.open().nextLine();
  }

  /** Offset of the first byte that is still to come. */
  long received() {
    return joiner.next();
  }

  /** Bytes of the stream whose effects are committed. */
  long committed() {
    return committed;
  }

  void committed(long offset) {
    committed = offset;
  }

  @Nullable Session session() {
    return session;
  }

  /** The number that its session gave the stream. */
  int number() {
    return number;
  }

  void attach(Session carrier, int as) {
    session = carrier;
    number = as;
  }

  void detach() {
    session = null;
  }
}
