package org.joblog.shipper.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  private record Kept(Spool.Entry entry, byte[] bytes) {}

  @TempDir private Path folder;
  private final Random random = new Random(3);

  @Test
  void whatIsKeptIsReadInAnyNumberAndOrder() throws IOException {
    try (Spool spool = new Spool(Storage.ofOneJob(folder), 64 << 20)) {
      Deque<Kept> kept = new ArrayDeque<>();
      for (int step = 0; step < 3000; step++) {
        if (random.nextInt(3) > 0) {
          byte[] bytes = bytes(1 + random.nextInt(60_000));
          spool
              .append(ByteBuffer.wrap(bytes))
              .ifPresent(entry -> kept.addLast(new Kept(entry, bytes)));
        } else if (!kept.isEmpty()) {
          Kept oldest = kept.removeFirst();
          assertRead(spool, oldest);
          spool.release(oldest.entry());
        }
      }
      assertThat(spool.bytes()).isEqualTo(kept.stream().mapToLong(k -> k.bytes().length).sum());
      kept.forEach(each -> assertRead(spool, each));
    }
  }

  @Test
  void theLimitIsExactAndReleasedRoomIsUsedAgain() {
    try (Spool spool = new Spool(Storage.ofOneJob(folder), 100)) {
      Spool.Entry first = spool.append(ByteBuffer.wrap(bytes(60))).orElseThrow();
      assertThat(spool.append(ByteBuffer.wrap(bytes(41)))).isEmpty();
      assertThat(spool.append(ByteBuffer.wrap(bytes(40)))).isPresent();
      assertThat(spool.append(ByteBuffer.wrap(bytes(1)))).isEmpty();
      spool.release(first);
      assertThat(spool.append(ByteBuffer.wrap(bytes(60)))).isPresent();
    }
  }

  @Test
  void nothingIsEverFoundInTheFolder() throws IOException {
    try (Spool spool = new Spool(Storage.ofOneJob(folder), 1000)) {
      assertThat(spool.append(ByteBuffer.wrap(bytes(10)))).isPresent();
      try (var files = Files.list(folder)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void aFolderThatIsNotThereKeepsNothing() {
    try (Spool spool = new Spool(Storage.ofOneJob(folder.resolve("missing")), 1000)) {
      assertThat(spool.append(ByteBuffer.wrap(bytes(10)))).isEmpty();
    }
  }

  @Test
  void everyDamagedByteIsNoticed() throws IOException {
    byte[] bytes = bytes(40);
    for (int at = 0; at < bytes.length; at++) {
      try (Spool spool = new Spool(Storage.ofOneJob(folder), 1000)) {
        Spool.Entry entry = spool.append(ByteBuffer.wrap(bytes)).orElseThrow();
        try (FileChannel file = open()) {
          file.write(ByteBuffer.wrap(new byte[] {(byte) ~bytes[at]}), at);
        }
        assertThat(spool.read(entry, ByteBuffer.allocate(100))).isFalse();
      }
    }
  }

  @Test
  void aTornFileIsNoticedAndTheRestIsRead() throws IOException {
    try (Spool spool = new Spool(Storage.ofOneJob(folder), 1000)) {
      Kept whole = keep(spool, 40);
      Kept torn = keep(spool, 40);
      try (FileChannel file = open()) {
        file.truncate(79);
      }
      assertRead(spool, whole);
      assertThat(spool.read(torn.entry(), ByteBuffer.allocate(100))).isFalse();
    }
  }

  private Kept keep(Spool spool, int length) {
    byte[] bytes = bytes(length);
    return new Kept(spool.append(ByteBuffer.wrap(bytes)).orElseThrow(), bytes);
  }

  /** The spool's newest file, which has no name, by way of this process's descriptors. */
  private FileChannel open() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      Path newest = descriptors.filter(SpoolTest::isSpool).reduce((_, last) -> last).orElseThrow();
      return FileChannel.open(newest, StandardOpenOption.WRITE);
    }
  }

  private static boolean isSpool(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains(".spool (deleted)");
    } catch (IOException closed) {
      return false;
    }
  }

  private static void assertRead(Spool spool, Kept kept) {
    ByteBuffer into = ByteBuffer.allocate(kept.bytes().length);
    assertThat(spool.read(kept.entry(), into)).isTrue();
    assertThat(into.array()).isEqualTo(kept.bytes());
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
