package org.joblog.shipper.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame.GapReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamWindowTest {

  private static final int RING = 128 * 1024;
  private static final StreamName NAME = new StreamName(0, 0, StreamKind.STDOUT);

  @TempDir private Path folder;

  /** The job's time, which a test moves. */
  private long micros = 1_000_000;

  private JobWindow job(long spoolBytes) {
    WindowLimits limits =
        new WindowLimits(RING, 50_000, spoolBytes, Duration.ZERO, 1000, Duration.ofHours(1));
    return new JobWindow(
        limits,
        Storage.ofOneJob(folder),
        new JobWindow.Clock() {
          @Override
          public long micros() {
            return micros;
          }

          @Override
          public long nanos() {
            return micros * 1000;
          }
        });
  }

  /**
   * What a server would have: it takes pieces, forgets what it has not acknowledged whenever the
   * connection breaks, and must end up with what was printed, or a gap.
   */
  private static final class Receiver {
    private final StreamWindow window;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long offset;
    private long acknowledged;
    private boolean ended;

    Receiver(StreamWindow window) {
      this.window = window;
    }

    /** It may have more than it could acknowledge, and less than was sent. */
    void breakConnection(Random random) {
      offset = acknowledged + random.nextLong(offset - acknowledged + 1);
      byte[] kept = Arrays.copyOf(bytes.toByteArray(), (int) offset);
      bytes.reset();
      bytes.writeBytes(kept);
      window.rewind(offset);
    }

    void acknowledge() {
      window.acknowledge(offset);
      acknowledged = offset;
    }

    /** Whether there was a piece. */
    boolean take(int room) {
      ByteBuffer out = ByteBuffer.allocate(room);
      switch (window.take(out)) {
        case Piece.Nothing _ -> {
          return false;
        }
        case Piece.Bytes(long from, long at) -> {
          assertThat(from).isEqualTo(offset);
          assertThat(at).isPositive();
          bytes.write(out.array(), 0, out.position());
          offset += out.position();
        }
        case Piece.Lost(long from, long to, _, _) -> {
          assertThat(from).isEqualTo(offset);
          for (long i = from; i < to; i++) {
            bytes.write('?');
          }
          offset = to;
        }
        case Piece.Told _ -> throw new AssertionError("nobody told anything");
        case Piece.End(long length, _) -> {
          assertThat(length).isEqualTo(offset);
          ended = true;
        }
      }
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 200_000, 10_000_000})
  void whateverHappensEveryByteArrivesOnceOrIsAGap(long spoolBytes) throws InterruptedException {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      try (JobWindow job = job(spoolBytes)) {
        StreamWindow window = job.add(NAME);
        job.setReach(Reach.AWAY);
        Receiver receiver = new Receiver(window);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        for (int step = 0; step < 300; step++) {
          step(random, window, receiver, printed);
        }
        window.end();
        while (receiver.take(10_000)) {}
        assertThat(receiver.ended).isTrue();
        assertSameButForGaps(printed.toByteArray(), receiver.bytes.toByteArray());
        if (spoolBytes == 10_000_000) {
          assertThat(receiver.bytes.toByteArray()).isEqualTo(printed.toByteArray());
        }
      }
    }
  }

  private void step(
      Random random, StreamWindow window, Receiver receiver, ByteArrayOutputStream printed)
      throws InterruptedException {
    micros += random.nextInt(3000);
    switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> print(window, random, printed);
      case 4, 5 -> receiver.take(1 + random.nextInt(70_000));
      case 6 -> receiver.acknowledge();
      default -> {
        receiver.breakConnection(random);
      }
    }
  }

  private static void print(StreamWindow window, Random random, ByteArrayOutputStream printed)
      throws InterruptedException {
    MemorySegment room = window.reserve();
    byte[] bytes = new byte[1 + random.nextInt((int) room.byteSize())];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(26));
    }
    MemorySegment.copy(bytes, 0, room, ValueLayout.JAVA_BYTE, 0, bytes.length);
    window.commit(bytes.length);
    printed.writeBytes(bytes);
  }

  private static void assertSameButForGaps(byte[] printed, byte[] received) {
    assertThat(received).hasSameSizeAs(printed);
    for (int i = 0; i < printed.length; i++) {
      if (received[i] != '?' && received[i] != printed[i]) {
        throw new AssertionError("byte " + i + " differs");
      }
    }
  }

  @Test
  void bytesCarryTheTimeWhenTheyWereRead() throws InterruptedException {
    try (JobWindow job = job(0)) {
      StreamWindow window = job.add(NAME);
      fill(window, 10);
      micros = 5_000_000;
      fill(window, 10);
      ByteBuffer out = ByteBuffer.allocate(100);
      assertThat(window.take(out)).isEqualTo(new Piece.Bytes(0, 1_000_000));
      assertThat(out.position()).isEqualTo(10);
      assertThat(window.take(out.clear())).isEqualTo(new Piece.Bytes(10, 5_000_000));
    }
  }

  @Test
  void aServerThatIsAwayAndAFullSpoolMakeOneGapThatGrows() throws InterruptedException {
    try (JobWindow job = job(0)) {
      StreamWindow window = job.add(NAME);
      job.setReach(Reach.AWAY);
      for (int i = 0; i < 4; i++) {
        fill(window, 50_000);
        fill(window, 15_536);
      }
      Piece.Lost gap = new Piece.Lost(0, 2 * 65_536, 1_000_000, GapReason.SERVER_AWAY);
      assertThat(window.take(ByteBuffer.allocate(10))).isEqualTo(gap);
    }
  }

  @Test
  void whatAServerHasReceivedIsKeptUntilItIsCommitted() throws InterruptedException {
    try (JobWindow job = job(0)) {
      StreamWindow window = job.add(NAME);
      fill(window, 100);
      window.take(ByteBuffer.allocate(100));
      window.rewind(60);
      // The server dies before its commit.
      window.rewind(40);
      assertThat(window.take(ByteBuffer.allocate(100))).isEqualTo(new Piece.Bytes(40, 1_000_000));
    }
  }

  @Test
  void aServerThatForgetsWhatItHadIsToldOfAGap() throws InterruptedException {
    try (JobWindow job = job(0)) {
      StreamWindow window = job.add(NAME);
      fill(window, 100);
      window.take(ByteBuffer.allocate(100));
      window.acknowledge(60);
      window.rewind(40);
      Piece.Lost gap = new Piece.Lost(40, 60, 1_000_000, GapReason.RELAY_FAILED);
      assertThat(window.take(ByteBuffer.allocate(100))).isEqualTo(gap);
      assertThat(window.take(ByteBuffer.allocate(100))).isEqualTo(new Piece.Bytes(60, 1_000_000));
    }
  }

  @Test
  void whatWasNeverSentCannotBeAcknowledged() throws InterruptedException {
    try (JobWindow job = job(0)) {
      StreamWindow window = job.add(NAME);
      fill(window, 100);
      assertThatIllegalArgumentException().isThrownBy(() -> window.acknowledge(1));
      window.take(ByteBuffer.allocate(50));
      window.acknowledge(50);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> window.acknowledge(51))
          .withMessageContaining("51 (expected: <= 50");
      assertThatIllegalArgumentException().isThrownBy(() -> window.rewind(101));
    }
  }

  private static void fill(StreamWindow window, int bytes) throws InterruptedException {
    assertThat(window.reserve().byteSize()).isGreaterThanOrEqualTo(1);
    window.commit(bytes);
  }
}
