package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What was printed since the last carriage return or line feed, or since the cursor came to the
 * beginning of an empty row; kept only while it could be a command or an object. Colours do not
 * count, any other motion ends it. Confined to its lane's thread.
 */
final class SegmentText {

  private static final byte[] EMPTY = new byte[0];
  private static final int INITIAL_BYTES = 128;

  private final int maxBytes;
  private byte[] bytes = EMPTY;
  private int length;
  private boolean live = true;

  SegmentText(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  static boolean mayBegin(byte first) {
    return first == '/' || first == '{';
  }

  /** A segment begins. */
  void restart() {
    length = 0;
    live = true;
    if (bytes.length > INITIAL_BYTES) {
      bytes = EMPTY;
    }
  }

  /** It is no candidate until the next one begins. */
  void kill() {
    restart();
    live = false;
  }

  /** Whether a segment has just begun, and nothing was printed since. */
  boolean isFresh() {
    return live && length == 0;
  }

  /** Whether what is printed next could belong to one. */
  boolean isLive() {
    return live;
  }

  /** Text was printed behind what is there. */
  void append(byte[] text, int from, int to) {
    if (!live || from == to) {
      return;
    }
    if ((length == 0 && !mayBegin(text[from])) || length + to - from > maxBytes) {
      kill();
      return;
    }
    int end = length + to - from;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(INITIAL_BYTES, Math.max(end, bytes.length * 2)));
    }
    System.arraycopy(text, from, bytes, length, to - from);
    length = end;
  }

  boolean isCandidate() {
    return live && length > 0;
  }

  Segment view(Segment view) {
    return view.set(bytes, 0, length);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeBoolean(live);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  void readFrom(DataInput in) throws IOException {
    live = in.readBoolean();
    length = in.readInt();
    bytes = new byte[length];
    in.readFully(bytes);
  }
}
