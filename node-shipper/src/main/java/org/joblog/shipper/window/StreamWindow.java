package org.joblog.shipper.window;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;
import org.jspecify.annotations.Nullable;

/**
 * One stream's part of the window. Offsets count the bytes read by this process, from 0.
 *
 * <pre>
 *      acknowledged        tail                    head
 *  ────────┼─────────────────┼──────────────────────┼───►
 *          │ backlog: spooled│ ring: in memory      │ free room, next read
 *          │ or lost ranges  │                      │
 *                    ▲ next to send, anywhere from acknowledged to head
 * </pre>
 *
 * One thread reserves, fills and commits; the link takes pieces, rewinds and acknowledges. Safe for
 * use by many threads under the job's lock.
 */
public final class StreamWindow {

  private final JobWindow job;
  private final StreamName name;
  private final boolean relayed;
  private final Ring ring;
  private final TimeMarks marks = new TimeMarks();
  private final Backlog backlog = new Backlog();
  private Piece.@Nullable Told told;
  private boolean released;

  private long acknowledged;
  private long tail;
  private long head;
  private long next;
  private long endMicros = -1;
  private boolean endTaken;

  StreamWindow(JobWindow job, StreamName name, long from, boolean relayed) {
    this.job = job;
    this.name = name;
    this.relayed = relayed;
    ring = new Ring(job.storage().takeRing(job.limits().ringBytes()), from);
    acknowledged = from;
    tail = from;
    head = from;
    next = from;
  }

  public StreamName name() {
    return name;
  }

  /**
   * Room for the next bytes, at least one. While the server is alive and the ring is full it waits,
   * within the budget; else it moves the oldest bytes to the spool, or gives them up.
   *
   * @return memory that stays the caller's until {@link #commit}
   */
  public MemorySegment reserve() throws InterruptedException {
    job.lock().lock();
    try {
      job.holdWhile(this::isFull);
      if (isFull()) {
        spill();
      }
      beginAnewIfEmpty();
      return ring.from(head, Math.min(free(), job.limits().readBytes()));
    } finally {
      job.lock().unlock();
    }
  }

  /** A ring that is empty again begins at its beginning: a quiet stream never touches the rest. */
  private void beginAnewIfEmpty() {
    if (head == tail) {
      ring.beginAt(head);
    }
  }

  private long free() {
    return ring.bytes() - (head - tail);
  }

  private boolean isFull() {
    return free() <= 0;
  }

  /** The first bytes of what was reserved are filled. */
  public void commit(long bytes) {
    job.lock().lock();
    try {
      marks.add(head, job.clock().micros());
      head += bytes;
    } finally {
      job.lock().unlock();
    }
    job.rouse();
  }

  /**
   * Takes bytes that a relay has read. It waits as {@link #reserve} does. What is here already is
   * passed over.
   *
   * @param offset of the first byte; nothing may be missing before it
   * @throws IllegalArgumentException if something is
   */
  public void append(long offset, byte[] bytes, long atMicros) throws InterruptedException {
    job.lock().lock();
    try {
      int from = 0;
      while (from < bytes.length) {
        from += appendSome(offset + from, bytes, from, atMicros);
      }
    } finally {
      job.lock().unlock();
    }
    job.rouse();
  }

  private int appendSome(long offset, byte[] bytes, int from, long atMicros)
      throws InterruptedException {
    int left = bytes.length - from;
    if (offset < head) {
      return (int) Math.min(left, head - offset);
    }
    requireNext(offset);
    if (offset < acknowledged) {
      int known = (int) Math.min(left, acknowledged - offset);
      skipTo(offset + known);
      return known;
    }
    job.holdWhile(this::isFull);
    if (offset != head || released) {
      // While it waited, a newer connection has brought the same bytes.
      return released ? left : 0;
    }
    if (isFull()) {
      spill();
    }
    beginAnewIfEmpty();
    int length = ring.put(head, bytes, from, Math.min(left, free()));
    marks.add(head, atMicros);
    head += length;
    return length;
  }

  private void requireNext(long offset) {
    if (offset > head || endMicros >= 0) {
      throw new IllegalArgumentException(
          "offset: " + offset + " (expected: " + head + (endMicros >= 0 ? ", the end)" : ")"));
    }
  }

  /** The server has these bytes, and they never came here. */
  private void skipTo(long offset) {
    head = offset;
    tail = offset;
    ring.beginAt(offset);
  }

  /**
   * A relay has lost bytes.
   *
   * @throws IllegalArgumentException if others are missing before them
   */
  public void gap(long from, long to, long atMicros, GapReason reason) {
    job.lock().lock();
    try {
      if (to <= head) {
        return;
      }
      requireNext(Math.max(from, head));
      // What is in memory comes before the gap, and so must lie before it.
      while (tail < head) {
        spill();
      }
      if (to > acknowledged) {
        backlog.addLost(Math.max(head, acknowledged), to, atMicros, reason);
      }
      skipTo(to);
    } finally {
      job.lock().unlock();
    }
    job.rouse();
  }

  /** Something happened that is no byte; said once, when there is a connection. */
  public void tell(long atMicros, NoticeCode code, long detail) {
    job.lock().lock();
    try {
      told = new Piece.Told(atMicros, code, detail);
    } finally {
      job.lock().unlock();
    }
    job.rouse();
  }

  /**
   * A relay has said that the stream is over.
   *
   * @param length what its length is
   * @throws IllegalArgumentException if that is not what came
   */
  public void end(long length, long atMicros) {
    job.lock().lock();
    try {
      if (length != head) {
        throw new IllegalArgumentException("length: " + length + " (expected: " + head + ")");
      }
      if (endMicros < 0) {
        endMicros = atMicros;
      }
      releaseIfSettled();
    } finally {
      job.lock().unlock();
    }
    job.rouse();
  }

  /** How many of its bytes have come, or are known to be lost. */
  public long received() {
    job.lock().lock();
    try {
      return head;
    } finally {
      job.lock().unlock();
    }
  }

  /** How many of its bytes the server has committed. */
  public long acknowledged() {
    job.lock().lock();
    try {
      return acknowledged;
    } finally {
      job.lock().unlock();
    }
  }

  /** Whether its end is known. */
  public boolean hasEnded() {
    job.lock().lock();
    try {
      return endMicros >= 0;
    } finally {
      job.lock().unlock();
    }
  }

  /** Whether it has ended and the server has committed all of it. */
  public boolean isSettled() {
    job.lock().lock();
    try {
      return endMicros >= 0 && acknowledged >= head;
    } finally {
      job.lock().unlock();
    }
  }

  private void releaseIfSettled() {
    if (relayed && endMicros >= 0 && acknowledged >= head) {
      release();
    }
  }

  /** Under the lock: gives the memory back. */
  void release() {
    if (relayed && !released) {
      released = true;
      job.storage().rings().give(ring.bytes());
      ring.close();
    }
  }

  /** There will be no more bytes. */
  public void end() {
    job.lock().lock();
    try {
      endMicros = job.clock().micros();
    } finally {
      job.lock().unlock();
    }
    job.rouse();
  }

  /** Makes room for one block of the ring. */
  private void spill() {
    int length = (int) Math.min(WindowLimits.SPILL_BYTES, head - tail);
    long from = tail;
    long to = tail + length;
    long at = marks.at(from);
    Optional<Spool.Entry> entry = keepOnDisk(from, length);
    if (entry.isPresent()) {
      backlog.addSpooled(from, to, at, entry.get());
    } else {
      boolean alive = job.reach() == Reach.ALIVE;
      backlog.addLost(from, to, at, alive ? GapReason.HELD_BACK_TOO_LONG : GapReason.SERVER_AWAY);
    }
    tail = to;
    marks.forgetBefore(tail);
  }

  private Optional<Spool.Entry> keepOnDisk(long from, int length) {
    if (job.reach() == Reach.REFUSED) {
      return Optional.empty();
    }
    ByteBuffer scratch = spillRoom();
    ring.copy(from, length, scratch);
    return job.spool().append(scratch.flip());
  }

  /** Made for each block: kept for each job, it would be most of an agent's heap. */
  private static ByteBuffer spillRoom() {
    return ByteBuffer.allocate(WindowLimits.SPILL_BYTES);
  }

  /**
   * The link asks what to send next and counts it as sent.
   *
   * @param out where bytes are put, as many as there is room for
   */
  public Piece take(ByteBuffer out) {
    job.lock().lock();
    try {
      if (told != null) {
        Piece.Told once = told;
        told = null;
        return once;
      }
      if (next < tail) {
        return takeFromBacklog(out);
      }
      if (next < head) {
        return takeFromRing(out);
      }
      if (endMicros >= 0 && !endTaken) {
        endTaken = true;
        return new Piece.End(head, endMicros);
      }
      return new Piece.Nothing();
    } finally {
      job.lock().unlock();
    }
  }

  private Piece takeFromRing(ByteBuffer out) {
    long from = next;
    long to = Math.min(head, Math.min(from + out.remaining(), marks.nextAfter(from)));
    ring.copy(from, (int) (to - from), out);
    next = to;
    return new Piece.Bytes(from, marks.at(from));
  }

  private Piece takeFromBacklog(ByteBuffer out) {
    return switch (backlog.at(next)) {
      case Range.Lost(_, long to, long at, GapReason reason) -> {
        Piece piece = new Piece.Lost(next, to, at, reason);
        next = to;
        yield piece;
      }
      case Range.Spooled spooled -> takeFromSpool(spooled, out);
    };
  }

  private Piece takeFromSpool(Range.Spooled range, ByteBuffer out) {
    ByteBuffer scratch = spillRoom();
    if (!job.spool().read(range.entry(), scratch)) {
      backlog.replaceByLoss(range, job.spool());
      return takeFromBacklog(out);
    }
    long from = next;
    int skip = (int) (from - range.from());
    int length = (int) Math.min(out.remaining(), range.to() - from);
    out.put(scratch.slice(skip, length));
    next = from + length;
    return new Piece.Bytes(from, range.atMicros());
  }

  /**
   * The link has a new connection on which the server has received everything before this offset:
   * what follows is sent again. What is before it is kept all the same until it is acknowledged:
   * the server may die before it is committed.
   *
   * @throws IllegalArgumentException if so much was never sent; what a relay has read may have been
   *     sent by an agent before this one
   */
  public void rewind(long offset) {
    job.lock().lock();
    try {
      if (offset < acknowledged) {
        // The server has lost what it had acknowledged, and it is gone here too.
        backlog.addLostBefore(offset, acknowledged, job.clock().micros(), GapReason.RELAY_FAILED);
        acknowledged = offset;
      }
      if (!relayed) {
        requireSent(offset, head);
      }
      next = offset;
      endTaken = false;
    } finally {
      job.lock().unlock();
    }
  }

  /**
   * The server has committed everything before this offset.
   *
   * @throws IllegalArgumentException if so much was not sent
   */
  public void acknowledge(long offset) {
    job.lock().lock();
    try {
      acknowledge(offset, next);
    } finally {
      job.lock().unlock();
    }
  }

  private static void requireSent(long offset, long sent) {
    if (offset > sent) {
      throw new IllegalArgumentException(
          "offset of the server: " + offset + " (expected: <= " + sent + ", what was sent)");
    }
  }

  private void acknowledge(long offset, long sent) {
    requireSent(offset, sent);
    if (offset > acknowledged) {
      long bytes = offset - acknowledged;
      acknowledged = offset;
      backlog.forgetBefore(offset, job.spool());
      tail = Math.min(head, Math.max(tail, offset));
      marks.forgetBefore(tail);
      releaseIfSettled();
      job.acknowledged(bytes);
    }
  }
}
