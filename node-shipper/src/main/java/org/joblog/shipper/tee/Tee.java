package org.joblog.shipper.tee;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.joblog.shipper.posix.Descriptors;
import org.joblog.shipper.posix.Errno;
import org.joblog.shipper.posix.PollSet;
import org.joblog.shipper.window.StreamWindow;

/**
 * Carries one stream of the command: reads its pipe into the window's memory, writes it from there
 * to where the output went before, and only then lets the link see it. Confined to its own thread,
 * but for {@link #endedHow}, which is read after the thread has ended.
 */
public final class Tee implements Runnable {

  private static final int PIPE = 0;
  private static final int DESTINATION = 1;
  private static final int STOP = 2;

  /** After so many bytes a pipe counts as busy and is given more room. */
  private static final long BUSY_BYTES = 8 << 20;

  /**
   * Room of a busy pipe. Not from the start: a user may have 64 MiB in all pipes together, and a
   * node with 128 tasks would use that up.
   */
  private static final int BUSY_PIPE_BYTES = 512 << 10;

  private final int pipe;
  private final int destination;
  private final StreamWindow window;
  private final Duration linger;
  private final PollSet poll;
  private long lingerUntil;
  private long moved;
  private boolean stopping;
  private End end = End.FAILED;

  /** How it ended. */
  public enum End {
    /** Nobody can write into the pipe any more. */
    ALL_READ,
    /** The destination takes nothing more, so the pipe was closed and writers notice. */
    DESTINATION_GONE,
    /** The command is over, but something it left behind can still write into the pipe. */
    LEFT_OPEN,
    /** It could not go on; the pipe is open. */
    FAILED
  }

  /**
   * A tee.
   *
   * @param pipe read end of the command's pipe
   * @param destination where the output went before
   * @param stop read end of a pipe whose other end is closed when the command is over
   * @param linger how long, from then on, to wait for output of what the command left behind
   * @param window where the bytes are kept for the link
   */
  public Tee(int pipe, int destination, int stop, Duration linger, StreamWindow window) {
    this.pipe = pipe;
    this.destination = destination;
    this.window = window;
    this.linger = linger;
    poll = new PollSet(pipe, destination, stop).ask(PIPE, Descriptors.POLLIN);
  }

  @Override
  public void run() {
    try {
      boolean open = true;
      while (open) {
        open = step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // Whoever started this thread sees how it ended, and finds the pipe another reader.
      end = End.FAILED;
    } finally {
      if (end == End.DESTINATION_GONE || end == End.ALL_READ) {
        Descriptors.close(pipe);
      }
      window.end();
    }
  }

  /** How it ended; valid after the thread has ended. */
  public End endedHow() {
    return end;
  }

  /** Read end of the pipe. */
  public int pipe() {
    return pipe;
  }

  /** Where the output went before. */
  public int destination() {
    return destination;
  }

  /** Waits for one thing to happen and does what it asks for; whether to go on. */
  private boolean step() throws InterruptedException {
    int ready = Descriptors.poll(poll, timeoutMillis());
    if (ready == -Errno.EINTR) {
      return true;
    }
    if (ready < 0) {
      return endsBy(End.FAILED);
    }
    if (ready == 0) {
      return endsBy(End.LEFT_OPEN);
    }
    if (poll.found(STOP) != 0) {
      poll.remove(STOP);
      stopping = true;
      lingerUntil = System.nanoTime() + linger.toNanos();
    }
    if ((poll.found(DESTINATION) & Descriptors.POLLERR) != 0) {
      return endsBy(End.DESTINATION_GONE);
    }
    return poll.found(PIPE) == 0 || move();
  }

  private int timeoutMillis() {
    if (!stopping) {
      return -1;
    }
    return (int) Math.max(0, (lingerUntil - System.nanoTime()) / 1_000_000);
  }

  private boolean endsBy(End how) {
    end = how;
    return false;
  }

  /** Moves what is in the pipe; whether to go on. */
  private boolean move() throws InterruptedException {
    MemorySegment room = window.reserve();
    long read = Descriptors.read(pipe, room);
    if (read == 0) {
      return endsBy(End.ALL_READ);
    }
    if (read < 0) {
      return read == -Errno.EINTR || read == -Errno.EAGAIN || endsBy(End.FAILED);
    }
    long written = write(room.asSlice(0, read));
    if (written > 0) {
      window.commit(written);
      count(written);
    }
    return written == read || endsBy(End.DESTINATION_GONE);
  }

  private void count(long written) {
    boolean wasBusy = moved >= BUSY_BYTES;
    moved += written;
    if (!wasBusy && moved >= BUSY_BYTES) {
      Descriptors.resizePipe(pipe, BUSY_PIPE_BYTES);
    }
  }

  /** Writes all of it, however long that takes; returns less only if the destination refuses. */
  private long write(MemorySegment bytes) {
    long written = 0;
    while (written < bytes.byteSize()) {
      long n = Descriptors.write(destination, bytes.asSlice(written));
      if (n >= 0) {
        written += n;
      } else if (n == -Errno.EAGAIN) {
        Descriptors.poll(new PollSet(destination).ask(0, Descriptors.POLLOUT), -1);
      } else if (n != -Errno.EINTR) {
        return written;
      }
    }
    return written;
  }
}
