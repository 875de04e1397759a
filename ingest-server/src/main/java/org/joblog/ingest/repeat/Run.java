package org.joblog.ingest.repeat;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** A repetition that is going on. Confined to its lane's thread. */
final class Run {

  private final int block;

  /** The first repetition, in case it is the only one. */
  private final List<HeldLine> once;

  private final long firstAtMicros;
  private long lastAtMicros;
  private long repeats = 1;

  /**
   * A block was repeated once.
   *
   * @param block how many lines it has
   * @param lines of the repetition
   */
  Run(int block, List<HeldLine> lines) {
    this(block, List.copyOf(lines), lines.getFirst().lastAtMicros());
    lastAtMicros = lines.getLast().lastAtMicros();
  }

  private Run(int block, List<HeldLine> once, long firstAtMicros) {
    this.block = block;
    this.once = once;
    this.firstAtMicros = firstAtMicros;
  }

  int block() {
    return block;
  }

  List<HeldLine> once() {
    return once;
  }

  long repeats() {
    return repeats;
  }

  long firstAtMicros() {
    return firstAtMicros;
  }

  long lastAtMicros() {
    return lastAtMicros;
  }

  /** The block was repeated once more. */
  void count(HeldLine last) {
    repeats++;
    lastAtMicros = last.lastAtMicros();
  }

  String message() {
    String what = block == 1 ? "line" : block + " lines";
    return "[previous " + what + " repeated " + repeats + " more times]";
  }

  Run copy() {
    Run copy = new Run(block, once, firstAtMicros);
    copy.lastAtMicros = lastAtMicros;
    copy.repeats = repeats;
    return copy;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeByte(block);
    Fold.writeLines(once, out);
    out.writeLong(firstAtMicros);
    out.writeLong(lastAtMicros);
    out.writeLong(repeats);
  }

  static Run readFrom(DataInput in) throws IOException {
    int block = in.readUnsignedByte();
    Run run = new Run(block, Fold.readLines(in), in.readLong());
    run.lastAtMicros = in.readLong();
    run.repeats = in.readLong();
    return run;
  }
}
