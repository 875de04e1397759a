package org.joblog.ingest.repeat;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.console.Row;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * Folds repeated and empty lines. Confined to its lane's thread.
 *
 * <p>A line that begins no repetition passes at once. What repeats the last one to eight lines is
 * held: if it ends after one repetition it is stored as it was, two as two; after more, one message
 * stands for all repetitions and their exact number. Several empty lines become one, which is held
 * until a line with text follows, so that none ends the log. Metadata and commands are never held,
 * and end what is.
 *
 * <p>Several block lengths may fit what is held so far; the shortest that fits a whole block wins.
 */
public final class Fold {

  /** Where folded lines go. */
  public interface Outlet {

    /**
     * The next line of the log.
     *
     * @param line a view, valid only during the call; of a message of the fold, {@link
     *     LineKind#REPEAT}, the times are those when the first and the last of the repetitions that
     *     it stands for ended
     * @param repeats how many lines or blocks a message stands for; 0 for any other line
     */
    void line(Row line, long repeats);
  }

  private final FoldLimits limits;
  private final Outlet outlet;
  private RecentLines recent;

  /** Lines that repeat recent ones and are not a whole block yet; empty if there are none. */
  private final List<HeldLine> held = new ArrayList<>(0);

  /** Before a block repeated: bit n says that the held lines fit the last n. */
  private long fitting;

  /** The repetition that is going on, or null. */
  private @Nullable Run run;

  /** The first empty line since the last with text, or null. */
  private @Nullable HeldLine empty;

  /**
   * A fold that has seen nothing.
   *
   * @param limits its bounds
   * @param outlet where lines go
   */
  public Fold(FoldLimits limits, Outlet outlet) {
    this.limits = limits;
    this.outlet = outlet;
    recent = new RecentLines(limits);
  }

  /** Takes the next final row. */
  public void row(Row row) {
    if (row.kind() != LineKind.TEXT || row.cutBytes() > 0) {
      passEmpty();
      endRepetition();
      recent.clear();
      outlet.line(row, 0);
    } else if (row.from() == row.to()) {
      empty = empty == null ? HeldLine.of(row, RecentLines.hash(row.bytes(), 0, 0)) : empty;
    } else {
      passEmpty();
      text(row);
    }
  }

  /** Ends open runs, so that what follows is compared with nothing before. */
  public void flush() {
    empty = null;
    endRepetition();
    recent.clear();
  }

  private void passEmpty() {
    HeldLine line = empty;
    if (line != null) {
      empty = null;
      take(line);
    }
  }

  private void text(Row row) {
    long hash = RecentLines.hash(row.bytes(), row.from(), row.to());
    if (run == null && held.isEmpty()) {
      long fits = fitting(row.bytes(), row.from(), row.to(), hash);
      if (fits == 0) {
        recent.add(row.bytes(), row.from(), row.to(), hash);
        outlet.line(row, 0);
        return;
      }
    }
    take(HeldLine.of(row, hash));
  }

  /** Takes a line, and again those that were held for nothing. */
  private void take(HeldLine next) {
    ArrayDeque<HeldLine> lines = new ArrayDeque<>();
    lines.add(next);
    while (!lines.isEmpty()) {
      HeldLine line = lines.removeFirst();
      if (!(run == null ? mayRepeat(line) : goesOn(run, line))) {
        List<HeldLine> again = giveUp();
        lines.addFirst(line);
        for (int i = again.size() - 1; i >= 0; i--) {
          lines.addFirst(again.get(i));
        }
      }
    }
  }

  /** Takes a line while no block has repeated yet; false if it does not fit what is held. */
  private boolean mayRepeat(HeldLine line) {
    long fits;
    if (held.isEmpty()) {
      fits = fitting(line.text(), 0, line.text().length, line.hash());
      if (fits == 0) {
        store(line);
        return true;
      }
    } else {
      fits = stillFitting(line);
      if (fits == 0) {
        return false;
      }
    }
    fitting = fits;
    held.add(line);
    int block = Long.numberOfTrailingZeros(fits);
    if (block == held.size()) {
      run = new Run(block, held);
      held.clear();
    }
    return true;
  }

  /** Takes a line while a block repeats; false if it does not fit. */
  private boolean goesOn(Run now, HeldLine line) {
    if (!isSame(now.block() - held.size(), line)) {
      return false;
    }
    held.add(line);
    if (held.size() == now.block()) {
      now.count(line);
      held.clear();
    }
    return true;
  }

  /**
   * Stores what is certain not to go on.
   *
   * @return the lines that were held and may be the beginning of something else
   */
  private List<HeldLine> giveUp() {
    List<HeldLine> again = new ArrayList<>(held);
    held.clear();
    Run ended = run;
    run = null;
    if (ended != null) {
      store(ended);
    } else {
      store(again.removeFirst());
    }
    return again;
  }

  private void endRepetition() {
    Run ended = run;
    run = null;
    if (ended != null) {
      store(ended);
    }
    held.forEach(this::store);
    held.clear();
  }

  private void store(Run ended) {
    if (ended.repeats() == 1) {
      ended.once().forEach(this::store);
    } else {
      byte[] message = ended.message().getBytes(StandardCharsets.UTF_8);
      recent.clear();
      outlet.line(
          Row.of(message, LineKind.REPEAT, ended.firstAtMicros(), ended.lastAtMicros(), null),
          ended.repeats());
    }
  }

  private void store(HeldLine line) {
    recent.add(line.text(), 0, line.text().length, line.hash());
    outlet.line(line.row(), 0);
  }

  /** Which blocks a line begins anew. */
  private long fitting(byte[] text, int from, int to, long hash) {
    long fits = 0;
    for (int block = 1; block <= recent.size(); block++) {
      if (recent.isSame(block, text, from, to, hash)) {
        fits |= 1L << block;
      }
    }
    return fits;
  }

  /** Which of the blocks that fit what is held fit this line too. */
  private long stillFitting(HeldLine line) {
    long fits = 0;
    for (long left = fitting; left != 0; left &= left - 1) {
      int block = Long.numberOfTrailingZeros(left);
      if (isSame(block - held.size(), line)) {
        fits |= 1L << block;
      }
    }
    return fits;
  }

  private boolean isSame(int ago, HeldLine line) {
    return recent.isSame(ago, line.text(), 0, line.text().length, line.hash());
  }

  /** A copy that goes on from here into another outlet and leaves this one as it is. */
  public Fold fork(Outlet other) {
    Fold fork = new Fold(limits, other);
    fork.recent = recent.copy();
    fork.held.addAll(held);
    fork.fitting = fitting;
    fork.run = run == null ? null : run.copy();
    fork.empty = empty;
    return fork;
  }

  /** Writes the open runs, and the lines that the next are compared with. */
  public void writeTo(DataOutput out) throws IOException {
    recent.writeTo(out);
    writeLines(held, out);
    out.writeLong(fitting);
    out.writeBoolean(run != null);
    if (run != null) {
      run.writeTo(out);
    }
    out.writeBoolean(empty != null);
    if (empty != null) {
      empty.writeTo(out);
    }
  }

  /** Reads what {@link #writeTo} wrote. */
  public static Fold readFrom(DataInput in, FoldLimits limits, Outlet outlet) throws IOException {
    Fold fold = new Fold(limits, outlet);
    fold.recent.readFrom(in);
    fold.held.addAll(readLines(in));
    fold.fitting = in.readLong();
    fold.run = in.readBoolean() ? Run.readFrom(in) : null;
    fold.empty = in.readBoolean() ? HeldLine.readFrom(in) : null;
    return fold;
  }

  static void writeLines(List<HeldLine> lines, DataOutput out) throws IOException {
    out.writeByte(lines.size());
    for (HeldLine line : lines) {
      line.writeTo(out);
    }
  }

  static List<HeldLine> readLines(DataInput in) throws IOException {
    int count = in.readUnsignedByte();
    List<HeldLine> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      lines.add(HeldLine.readFrom(in));
    }
    return lines;
  }
}
