package org.joblog.shipper.job;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.joblog.schema.wire.WireLimits;
import org.joblog.shipper.posix.Descriptors;

/**
 * Reads {@code .logoptin} with the rights of this process. Only a regular file counts; a FIFO, a
 * device or a folder of that name is as good as none, and is never waited for. Of a file that is
 * too long one byte more is read than may be understood: the server tells its user. Safe for use by
 * many threads.
 */
public final class OptInFile {

  private static final int READ_BYTES = 8192;

  private OptInFile() {}

  /**
   * What is in the file.
   *
   * @param home path of the home directory, in the bytes of the file system
   * @return its bytes, at most {@link WireLimits#MAX_OPT_IN_BYTES}; empty if there is none that
   *     counts
   */
  public static Optional<byte[]> read(byte[] home) {
    byte[] name = "/.logoptin".getBytes(StandardCharsets.US_ASCII);
    byte[] path = new byte[home.length + name.length];
    System.arraycopy(home, 0, path, 0, home.length);
    System.arraycopy(name, 0, path, home.length, name.length);
    int fd = Descriptors.openToRead(path);
    if (fd < 0) {
      return Optional.empty();
    }
    try {
      return Descriptors.status(fd).filter(Descriptors.Status::isRegular).flatMap(_ -> readAll(fd));
    } finally {
      Descriptors.close(fd);
    }
  }

  private static Optional<byte[]> readAll(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(READ_BYTES);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      long n = 1;
      while (n > 0 && bytes.size() < WireLimits.MAX_OPT_IN_BYTES) {
        int room = WireLimits.MAX_OPT_IN_BYTES - bytes.size();
        n = Descriptors.read(fd, buffer.asSlice(0, Math.min(READ_BYTES, room)));
        if (n > 0) {
          bytes.writeBytes(buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
        }
      }
      return n < 0 ? Optional.empty() : Optional.of(bytes.toByteArray());
    }
  }

  /**
   * Asks with a deadline: the home of a user may hang with its file server, and a job must not.
   *
   * @param question what may hang; it is left behind in a thread of its own
   * @return the answer; empty if there was none in time
   */
  public static <T> Optional<T> inTime(Duration deadline, Supplier<Optional<T>> question) {
    CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                answer.complete(question.get());
              } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
              }
            },
            "opt-in");
    asking.setDaemon(true);
    asking.start();
    try {
      return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
