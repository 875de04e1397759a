package org.joblog.shipper.window;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.joblog.schema.wire.Frame.GapReason;

/**
 * The bytes of a stream that are not acknowledged: the newest in memory, those before them in the
 * spool or known to be lost, each with the time when it was read. Nothing here waits, but for the
 * disk. Confined to the job's lock, but for the memory that {@link #room} hands out.
 *
 * <pre>
 *      acknowledged        tail                    head
 *  ────────┼─────────────────┼──────────────────────┼───►
 *          │ backlog: spooled│ ring: in memory      │ free room, next read
 *          │ or lost ranges  │                      │
 * </pre>
 */
final class KeptBytes {

  private final Spool spool;
  private final Ring ring;
  private final TimeMarks marks = new TimeMarks();
  private final Backlog backlog = new Backlog();
  private long acknowledged;
  private long tail;
  private long head;

  /**
   * Nothing yet.
   *
   * @param from offset of the first byte that will come
   */
  KeptBytes(Spool spool, int ringBytes, long from) {
    this.spool = spool;
    ring = new Ring(ringBytes, from);
    acknowledged = from;
    tail = from;
    head = from;
  }

  /** Offset after the last byte that has come, or is known to be lost. */
  long head() {
    return head;
  }

  /** Offset after the last byte that the server has committed. */
  long acknowledged() {
    return acknowledged;
  }

  /** Whether the server has committed all that has come. */
  boolean isEmpty() {
    return acknowledged >= head;
  }

  /** Whether there is no room in memory. */
  boolean isFull() {
    return free() <= 0;
  }

  private long free() {
    return ring.bytes() - (head - tail);
  }

  /** Memory for the next bytes, at most so many, in one piece. */
  MemorySegment room(int most) {
    beginAnewIfEmpty();
    return ring.from(head, Math.min(free(), most));
  }

  /** A ring that is empty again begins at its beginning: a quiet stream never touches the rest. */
  private void beginAnewIfEmpty() {
    if (head == tail) {
      ring.beginAt(head);
    }
  }

  /** The first bytes of the room are filled. */
  void filled(long bytes, long atMicros) {
    marks.add(head, atMicros);
    head += bytes;
  }

  /** Takes bytes as far as there is room in one piece; gives how many. */
  int put(byte[] bytes, int from, long atMicros) {
    beginAnewIfEmpty();
    int length = ring.put(head, bytes, from, Math.min(bytes.length - from, free()));
    filled(length, atMicros);
    return length;
  }

  /** The server has these bytes, and they never came here. */
  void skipTo(long offset) {
    head = offset;
    tail = offset;
    ring.beginAt(offset);
  }

  /** The next bytes up to an offset are lost; what is in memory comes before them. */
  void lose(long to, long atMicros, GapReason reason, Reach reach) {
    while (tail < head) {
      spill(reach);
    }
    if (to > acknowledged) {
      backlog.addLost(Math.max(head, acknowledged), to, atMicros, reason);
    }
    skipTo(to);
  }

  /** Makes room for one block of the ring: on disk, or else its oldest bytes are given up. */
  void spill(Reach reach) {
    int length = (int) Math.min(WindowLimits.SPILL_BYTES, head - tail);
    long from = tail;
    long to = tail + length;
    long at = marks.at(from);
    Optional<Spool.Entry> entry =
        reach == Reach.REFUSED ? Optional.empty() : keepOnDisk(from, length);
    if (entry.isPresent()) {
      backlog.addSpooled(from, to, at, entry.get());
    } else {
      boolean alive = reach == Reach.ALIVE;
      backlog.addLost(from, to, at, alive ? GapReason.HELD_BACK_TOO_LONG : GapReason.SERVER_AWAY);
    }
    tail = to;
    marks.forgetBefore(tail);
  }

  private Optional<Spool.Entry> keepOnDisk(long from, int length) {
    ByteBuffer scratch = spillRoom();
    ring.copy(from, length, scratch);
    return spool.append(scratch.flip());
  }

  /** Made for each block: kept for each job, it would be most of an agent's heap. */
  private static ByteBuffer spillRoom() {
    return ByteBuffer.allocate(WindowLimits.SPILL_BYTES);
  }

  /**
   * What is kept from an offset on.
   *
   * @param from from the first that is not acknowledged to below {@link #head}
   * @param out where bytes are put, as many as there is room for and have one time
   * @return bytes, or a loss
   */
  Piece read(long from, ByteBuffer out) {
    return from < tail ? readBacklog(from, out) : readRing(from, out);
  }

  private Piece readRing(long from, ByteBuffer out) {
    long to = Math.min(head, Math.min(from + out.remaining(), marks.nextAfter(from)));
    ring.copy(from, (int) (to - from), out);
    return new Piece.Bytes(from, marks.at(from));
  }

  private Piece readBacklog(long from, ByteBuffer out) {
    return switch (backlog.at(from)) {
      case Range.Lost(_, long to, long at, GapReason reason) ->
          new Piece.Lost(from, to, at, reason);
      case Range.Spooled spooled -> readSpool(from, spooled, out);
    };
  }

  private Piece readSpool(long from, Range.Spooled range, ByteBuffer out) {
    ByteBuffer scratch = spillRoom();
    if (!spool.read(range.entry(), scratch)) {
      backlog.replaceByLoss(range, spool);
      return readBacklog(from, out);
    }
    int skip = (int) (from - range.from());
    int length = (int) Math.min(out.remaining(), range.to() - from);
    out.put(scratch.slice(skip, length));
    return new Piece.Bytes(from, range.atMicros());
  }

  /** The server has committed everything before this offset. */
  void acknowledge(long offset) {
    acknowledged = offset;
    backlog.forgetBefore(offset, spool);
    tail = Math.min(head, Math.max(tail, offset));
    marks.forgetBefore(tail);
  }

  /** The server has lost what it had acknowledged from this offset on, and it is gone here too. */
  void unacknowledge(long offset, long atMicros) {
    backlog.addLostBefore(offset, acknowledged, atMicros, GapReason.RELAY_FAILED);
    acknowledged = offset;
  }

  /** Gives the memory back; returns how many bytes it was. */
  int close() {
    ring.close();
    return ring.bytes();
  }
}
