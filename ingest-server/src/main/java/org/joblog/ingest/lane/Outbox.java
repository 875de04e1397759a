package org.joblog.ingest.lane;

import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.batch.BatchLimits;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.LineBuffer;
import org.joblog.ingest.batch.LogLine;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.ScreenPublisher;
import org.joblog.ingest.console.Console;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.repeat.Fold;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * What of a stream must be written: lines that fill chunks, the screen when it is due. Confined to
 * its lane's thread.
 */
final class Outbox {

  private final BatchLimits limits;
  private final LineBuffer open;
  private final ScreenPublisher screen;
  private List<Chunk> full = new ArrayList<>(1);

  /** When the screen may be published next; and whether anything on it may have changed. */
  private long screenDueNanos = Long.MIN_VALUE;

  private boolean screenChanged;
  private boolean timerSet;

  Outbox(BatchLimits limits, LineBuffer open) {
    this.limits = limits;
    this.open = open;
    screen = new ScreenPublisher(limits);
  }

  /** Final lines that do not fill a chunk yet. */
  LineBuffer open() {
    return open;
  }

  /** How many lines are in chunks: the screen counts from there on. */
  long scrollbackEnd() {
    return open.firstLine();
  }

  /** A line is final. */
  void line(Row line, long repeats) {
    add(open, line, repeats);
    if (open.textBytes() >= limits.longestChunkBytes() || open.lines() >= limits.chunkLines()) {
      seal();
    }
  }

  /** A line of the logger's own choice. */
  void line(byte[] text, int from, int to, LogLine line) {
    open.add(text, from, to, line);
  }

  /** What is there becomes a chunk, however small. */
  void seal() {
    if (open.lines() > 0) {
      full.add(open.chunk(0, open.lines()));
      open.clear();
    }
  }

  /** Whether a chunk is ready. */
  boolean hasChunks() {
    return !full.isEmpty() || isWorthAChunk();
  }

  private boolean isWorthAChunk() {
    return open.textBytes() >= limits.chunkBytes();
  }

  /** The chunks for a commit, before anything else of the stream is looked at. */
  List<Chunk> takeChunks() {
    if (isWorthAChunk()) {
      seal();
    } else if (full.isEmpty()) {
      open.trim();
    }
    List<Chunk> chunks = full;
    full = new ArrayList<>(1);
    return chunks;
  }

  /** Something on the screen may have changed. */
  void screenChanged() {
    screenChanged = true;
  }

  /**
   * The screen if it has changed and is due, else null; then {@code later} is asked once to come
   * again.
   */
  @Nullable Screen takeScreen(Console console, Fold fold, JobContext context, Runnable later) {
    if (!screenChanged) {
      return null;
    }
    long now = context.clock().nanos();
    if (now < screenDueNanos) {
      if (!timerSet) {
        timerSet = true;
        context
            .timers()
            .at(
                screenDueNanos,
                () -> {
                  timerSet = false;
                  later.run();
                });
      }
      return null;
    }
    screenDueNanos = now + context.limits().screenInterval().toNanos();
    screenChanged = false;
    return publish(console, fold);
  }

  /** The screen as it is now. */
  Screen publish(Console console, Fold fold) {
    LineBuffer lines = new LineBuffer(open.firstLine());
    lines.addAll(open);
    Fold live = fold.fork((line, repeats) -> add(lines, line, repeats));
    console.forEachRow(live::row);
    live.flush();
    return screen.publish(lines);
  }

  private static void add(LineBuffer lines, Row line, long repeats) {
    String ansi = line.ansi();
    if (line.kind() == LineKind.TEXT && line.cutBytes() == 0 && ansi == null) {
      lines.addPlain(line.bytes(), line.from(), line.to(), line.lastAtMicros());
      return;
    }
    LogLine about =
        new LogLine(
            line.kind(), line.lastAtMicros(), line.firstAtMicros(), repeats, line.cutBytes(), ansi);
    lines.add(line.bytes(), line.from(), line.to(), about);
  }
}
