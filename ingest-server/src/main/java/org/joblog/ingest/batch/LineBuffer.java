package org.joblog.ingest.batch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive lines on their way into chunks. Plain lines cost their text, an offset and a time;
 * only what is special about a line costs an object. Confined to its lane's thread.
 */
public final class LineBuffer {

  private static final int INITIAL_BYTES = 256;
  private static final int INITIAL_LINES = 8;

  private long firstLine;
  private int lines;
  private byte[] text = new byte[INITIAL_BYTES];
  private int textEnd;

  /** Where each line ends in {@link #text}; the next begins after the separator that follows. */
  private int[] ends = new int[INITIAL_LINES];

  private long[] atMicros = new long[INITIAL_LINES];
  private final List<Mark> marks = new ArrayList<>(0);

  /**
   * An empty buffer.
   *
   * @param firstLine number of the first line that will be added, from 0
   */
  public LineBuffer(long firstLine) {
    this.firstLine = firstLine;
  }

  /** Number of the first line, from 0. */
  public long firstLine() {
    return firstLine;
  }

  /** Number of the line that would be added next. */
  public long nextLine() {
    return firstLine + lines;
  }

  /** How many lines it holds. */
  public int lines() {
    return lines;
  }

  /** Bytes of text with separators. */
  public int textBytes() {
    return textEnd;
  }

  /** Bytes of text from a line on, with separators. */
  int bytesFrom(int line) {
    return textEnd - start(line);
  }

  /** Appends a plain line of text. */
  public void addPlain(byte[] bytes, int from, int to, long at) {
    if (lines > 0) {
      ensureText(to - from + 1);
      text[textEnd++] = '\n';
    } else {
      ensureText(to - from);
    }
    System.arraycopy(bytes, from, text, textEnd, to - from);
    textEnd += to - from;
    if (lines == ends.length) {
      ends = Arrays.copyOf(ends, lines * 2);
      atMicros = Arrays.copyOf(atMicros, lines * 2);
    }
    ends[lines] = textEnd;
    atMicros[lines] = at;
    lines++;
  }

  /** Appends a line. */
  public void add(byte[] bytes, int from, int to, LogLine line) {
    if (line.kind() != LineKind.TEXT || line.cutBytes() > 0 || line.ansi() != null) {
      marks.add(line.mark(lines));
    }
    addPlain(bytes, from, to, line.atMicros());
  }

  /** Appends all lines of another buffer. */
  public void addAll(LineBuffer other) {
    for (Mark mark : other.marks) {
      marks.add(at(mark, lines + mark.index()));
    }
    for (int line = 0; line < other.lines; line++) {
      addPlain(other.text, other.start(line), other.ends[line], other.atMicros[line]);
    }
  }

  /**
   * The lines of a range as a chunk.
   *
   * @param from index of its first line, from 0
   * @param to index after its last line, greater than {@code from}
   */
  public Chunk chunk(int from, int to) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    int runs = 0;
    for (int line = from; line < to; line++) {
      first = Math.min(first, atMicros[line]);
      last = Math.max(last, atMicros[line]);
      if (line == from || atMicros[line] != atMicros[line - 1]) {
        runs++;
      }
    }
    int[] runLines = new int[runs];
    long[] runMicros = new long[runs];
    int run = -1;
    for (int line = from; line < to; line++) {
      if (line == from || atMicros[line] != atMicros[line - 1]) {
        runMicros[++run] = atMicros[line] - first;
      }
      runLines[run]++;
    }
    byte[] slice = Arrays.copyOfRange(text, start(from), ends[to - 1]);
    return new Chunk(
        firstLine + from, to - from, slice, first, last, runLines, runMicros, marks(from, to));
  }

  /** Forgets all lines, which have become a chunk; the numbers go on, the memory is kept. */
  public void clear() {
    firstLine += lines;
    lines = 0;
    textEnd = 0;
    marks.clear();
  }

  /** Gives memory back that few lines do not need: a stream that has become quiet costs little. */
  public void trim() {
    if (text.length > 4 * Math.max(INITIAL_BYTES, textEnd)) {
      text = Arrays.copyOf(text, Math.max(INITIAL_BYTES, textEnd));
    }
    if (ends.length > 4 * Math.max(INITIAL_LINES, lines)) {
      int room = Math.max(INITIAL_LINES, lines);
      ends = Arrays.copyOf(ends, room);
      atMicros = Arrays.copyOf(atMicros, room);
    }
  }

  /**
   * A hash of everything that a viewer sees of a line but its time. Lines with equal hashes are
   * taken for equal: with 64 bits and a hundred lines a wrong guess is not expected in the life of
   * a cluster, and costs one stale line on a screen for as long as it is not rewritten.
   *
   * @param line index of the line, from 0
   */
  public long hash(int line) {
    long hash = 0xcbf29ce484222325L;
    for (int i = start(line); i < ends[line]; i++) {
      hash = (hash ^ (text[i] & 0xff)) * 0x100000001b3L;
    }
    Mark mark = markOf(line);
    return mark == null ? hash : hash * 31 + at(mark, 0).hashCode();
  }

  /** Writes the lines and their numbers; {@link #readFrom} makes an equal buffer of them. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeLong(firstLine);
    out.writeInt(lines);
    out.writeInt(textEnd);
    out.write(text, 0, textEnd);
    for (int line = 0; line < lines; line++) {
      out.writeInt(ends[line]);
      out.writeLong(atMicros[line]);
    }
    out.writeInt(marks.size());
    for (Mark mark : marks) {
      mark.writeTo(out);
    }
  }

  /** Reads what {@link #writeTo} wrote. */
  public static LineBuffer readFrom(DataInput in) throws IOException {
    LineBuffer buffer = new LineBuffer(in.readLong());
    buffer.lines = in.readInt();
    buffer.textEnd = in.readInt();
    buffer.text = new byte[Math.max(INITIAL_BYTES, buffer.textEnd)];
    in.readFully(buffer.text, 0, buffer.textEnd);
    int room = Math.max(INITIAL_LINES, buffer.lines);
    buffer.ends = new int[room];
    buffer.atMicros = new long[room];
    for (int line = 0; line < buffer.lines; line++) {
      buffer.ends[line] = in.readInt();
      buffer.atMicros[line] = in.readLong();
    }
    int marks = in.readInt();
    for (int mark = 0; mark < marks; mark++) {
      buffer.marks.add(Mark.readFrom(in));
    }
    return buffer;
  }

  private int start(int line) {
    return line == 0 ? 0 : ends[line - 1] + 1;
  }

  private List<Mark> marks(int from, int to) {
    if (marks.isEmpty()) {
      return List.of();
    }
    List<Mark> slice = new ArrayList<>();
    for (Mark mark : marks) {
      if (mark.index() >= from && mark.index() < to) {
        slice.add(at(mark, mark.index() - from));
      }
    }
    return slice;
  }

  private @Nullable Mark markOf(int line) {
    for (Mark mark : marks) {
      if (mark.index() == line) {
        return mark;
      }
    }
    return null;
  }

  private static Mark at(Mark mark, int index) {
    return new Mark(
        index,
        mark.kind(),
        mark.repeats(),
        mark.firstAtMicros(),
        mark.lastAtMicros(),
        mark.cutBytes(),
        mark.ansi());
  }

  private void ensureText(int more) {
    if (text.length - textEnd < more) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, textEnd + more));
    }
  }
}
