package org.joblog.shipper.window;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;
import org.jspecify.annotations.Nullable;

/**
 * One stream's part of the window. Offsets count the bytes read by this process, from 0. One thread
 * reserves, fills and commits, or appends; the link takes pieces, from the first that is not
 * acknowledged on, rewinds and acknowledges. Safe for use by many threads under the job's lock.
 */
public final class StreamWindow {

  private final JobWindow job;
  private final StreamName name;
  private final boolean relayed;
  private final KeptBytes kept;
  private Piece.@Nullable Told told;
  private boolean released;
  private long next;
  private long endMicros = -1;
  private boolean endTaken;

  StreamWindow(JobWindow job, StreamName name, long from, boolean relayed) {
    this.job = job;
    this.name = name;
    this.relayed = relayed;
    kept = new KeptBytes(job.spool(), job.storage().takeRing(job.limits().ringBytes()), from);
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
      makeRoom();
      return kept.room(job.limits().readBytes());
    } finally {
      job.lock().unlock();
    }
  }

  private void makeRoom() throws InterruptedException {
    job.holdWhile(kept::isFull);
    if (kept.isFull()) {
      kept.spill(job.reach());
    }
  }

  /** The first bytes of what was reserved are filled. */
  public void commit(long bytes) {
    job.lock().lock();
    try {
      kept.filled(bytes, job.clock().micros());
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
    if (offset < kept.head()) {
      return (int) Math.min(left, kept.head() - offset);
    }
    requireNext(offset);
    if (offset < kept.acknowledged()) {
      int known = (int) Math.min(left, kept.acknowledged() - offset);
      kept.skipTo(offset + known);
      return known;
    }
    job.holdWhile(kept::isFull);
    if (offset != kept.head() || released) {
      // While it waited, a newer connection has brought the same bytes.
      return released ? left : 0;
    }
    if (kept.isFull()) {
      kept.spill(job.reach());
    }
    return kept.put(bytes, from, atMicros);
  }

  private void requireNext(long offset) {
    if (offset > kept.head() || endMicros >= 0) {
      throw new IllegalArgumentException(
          "offset: "
              + offset
              + " (expected: "
              + kept.head()
              + (endMicros >= 0 ? ", the end)" : ")"));
    }
  }

  /**
   * A relay has lost bytes.
   *
   * @throws IllegalArgumentException if others are missing before them
   */
  public void gap(long from, long to, long atMicros, GapReason reason) {
    job.lock().lock();
    try {
      if (to <= kept.head()) {
        return;
      }
      requireNext(Math.max(from, kept.head()));
      kept.lose(to, atMicros, reason, job.reach());
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
      if (length != kept.head()) {
        throw new IllegalArgumentException(
            "length: " + length + " (expected: " + kept.head() + ")");
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
      return kept.head();
    } finally {
      job.lock().unlock();
    }
  }

  /** How many of its bytes the server has committed. */
  public long acknowledged() {
    job.lock().lock();
    try {
      return kept.acknowledged();
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
      return endMicros >= 0 && kept.isEmpty();
    } finally {
      job.lock().unlock();
    }
  }

  private void releaseIfSettled() {
    if (relayed && endMicros >= 0 && kept.isEmpty()) {
      release();
    }
  }

  /** Under the lock: gives the memory back. */
  void release() {
    if (relayed && !released) {
      released = true;
      job.storage().rings().give(kept.close());
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
      if (next < kept.head()) {
        return takeKept(out);
      }
      if (endMicros >= 0 && !endTaken) {
        endTaken = true;
        return new Piece.End(kept.head(), endMicros);
      }
      return new Piece.Nothing();
    } finally {
      job.lock().unlock();
    }
  }

  private Piece takeKept(ByteBuffer out) {
    int before = out.position();
    Piece piece = kept.read(next, out);
    next = piece instanceof Piece.Lost lost ? lost.to() : next + out.position() - before;
    return piece;
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
      if (offset < kept.acknowledged()) {
        kept.unacknowledge(offset, job.clock().micros());
      }
      if (!relayed) {
        requireSent(offset, kept.head());
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
      requireSent(offset, next);
      long bytes = offset - kept.acknowledged();
      if (bytes > 0) {
        kept.acknowledge(offset);
        releaseIfSettled();
        job.acknowledged(bytes);
      }
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
}
