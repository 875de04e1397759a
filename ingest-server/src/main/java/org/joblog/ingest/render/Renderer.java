package org.joblog.ingest.render;

import org.joblog.ingest.command.CommandLimits;
import org.joblog.ingest.command.CommandReader;
import org.joblog.ingest.command.CommandResult;
import org.joblog.ingest.console.Console;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.console.RowVisitor;
import org.joblog.ingest.console.Segment;
import org.joblog.ingest.line.Candidate;
import org.joblog.ingest.line.LineSorter;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.repeat.Fold;
import org.joblog.ingest.repeat.FoldLimits;
import org.joblog.ingest.repeat.Unfolded;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * Console and fold as a lane joins them, for the bytes of one stream, without modes: commands are
 * recognised and not obeyed. Confined to the thread of its caller.
 */
public final class Renderer {

  private final Console console;
  private final Runnable ended;

  /**
   * A renderer of one stream.
   *
   * @param limits bounds of the console
   * @param folds whether repeated and empty lines are folded
   * @param outlet where the lines go
   */
  public Renderer(ConsoleLimits limits, boolean folds, Fold.Outlet outlet) {
    if (folds) {
      Fold fold = new Fold(FoldLimits.DEFAULTS, outlet);
      console = new Console(limits, new Rows(fold::row));
      ended = fold::flush;
    } else {
      console = new Console(limits, new Rows(new Unfolded(outlet)::row));
      ended = () -> {};
    }
  }

  /** Takes bytes of the stream, cut anywhere; the times of all lines are the epoch. */
  public void push(byte[] bytes, int from, int to) {
    console.push(bytes, from, to, 0);
  }

  /** The stream is over. */
  public void end() {
    console.end(0);
    ended.run();
  }

  /** Tells what completed rows are, and passes final ones on. */
  private static final class Rows implements Console.Outlet {

    private final RowVisitor next;
    private @Nullable CommandReader commands;
    private @Nullable RecordReader records;

    Rows(RowVisitor next) {
      this.next = next;
    }

    @Override
    public LineKind completed(Row row, @Nullable Segment segment) {
      Candidate candidate = LineSorter.sort(row, segment);
      return switch (candidate.what()) {
        case TEXT -> LineKind.TEXT;
        case COMMAND -> isCommand(candidate) ? LineKind.COMMAND : LineKind.TEXT;
        case OBJECT -> isRecord(candidate) ? LineKind.METADATA : LineKind.TEXT;
      };
    }

    // The readers are made when they are needed: most files need neither, and start faster.

    private boolean isCommand(Candidate candidate) {
      CommandReader reader = commands;
      if (reader == null) {
        reader = new CommandReader(CommandLimits.DEFAULT);
        commands = reader;
      }
      Candidate chosen = reader.choose(candidate);
      return reader.read(chosen.bytes(), chosen.from(), chosen.to()) instanceof CommandResult.Valid;
    }

    private boolean isRecord(Candidate candidate) {
      RecordReader reader = records;
      if (reader == null) {
        reader = new RecordReader(MetadataLimits.DEFAULT);
        records = reader;
      }
      return reader.read(candidate.bytes(), candidate.from(), candidate.to()).isPresent();
    }

    @Override
    public void finished(Row row) {
      next.row(row);
    }
  }
}
