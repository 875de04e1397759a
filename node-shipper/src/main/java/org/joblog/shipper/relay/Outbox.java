package org.joblog.shipper.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.shipper.link.Beat;
import org.jspecify.annotations.Nullable;

/**
 * What a relay is to be told, and the thread that tells it. Of acknowledgements only the newest of
 * each stream waits, so that a relay that does not listen costs nothing. Safe for use by many
 * threads; {@link #run} by one.
 */
final class Outbox implements Runnable {

  private final SocketChannel channel;
  private final Beat beat;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Map<Integer, Long> acks = new LinkedHashMap<>();
  private @Nullable Frame last;
  private boolean abandoned;

  Outbox(SocketChannel channel, RelayLimits limits) {
    this.channel = channel;
    beat = new Beat(limits.heartbeat().toNanos());
  }

  /** Puts a frame behind the others. A relay causes no more than one for each frame of its own. */
  void say(Frame frame) {
    lock.lock();
    try {
      frames.add(frame);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The agent has everything of a stream before this offset. */
  void acknowledge(int stream, long offset) {
    lock.lock();
    try {
      acks.put(stream, offset);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** A last frame, behind which the connection is closed. */
  void close(Frame frame) {
    lock.lock();
    try {
      if (last == null) {
        last = frame;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try (channel) {
      boolean goOn = true;
      while (goOn) {
        List<Frame> next = new ArrayList<>();
        goOn = take(next);
        write(next);
      }
    } catch (IOException | InterruptedException e) {
      // The relay is gone: its reader notices, too, and says so.
    }
  }

  /** Waits for something to say; whether more may follow. */
  private boolean take(List<Frame> into) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long saidAt = System.nanoTime();
      long left = beat.after(saidAt) - saidAt;
      while (nothingToSay() && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (nothingToSay()) {
        into.add(new Frame.Heartbeat());
      }
      // A resume point comes before any acknowledgement of its stream.
      into.addAll(frames);
      acks.forEach((stream, offset) -> into.add(new Frame.Ack(stream, offset)));
      frames.clear();
      acks.clear();
      if (last != null) {
        into.add(last);
      }
      return last == null && !abandoned;
    } finally {
      lock.unlock();
    }
  }

  private boolean nothingToSay() {
    return frames.isEmpty() && acks.isEmpty() && last == null && !abandoned;
  }

  private void write(List<Frame> next) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(next.stream().mapToInt(FrameCodec::encodedBytes).sum());
    next.forEach(frame -> FrameCodec.write(frame, bytes));
    bytes.flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Says nothing more, at once. */
  void abandon() {
    lock.lock();
    try {
      abandoned = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      channel.close();
    } catch (IOException ignored) {
      // It is closed in any case.
    }
  }
}
