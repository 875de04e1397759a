package org.joblog.shipper.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpawnTest {

  /** Signals 32 and 33. */
  private static final long OF_THE_LIBRARY = 0x1_8000_0000L;

  private static List<byte[]> words(String... words) {
    return Stream.of(words).map(word -> word.getBytes(StandardCharsets.US_ASCII)).toList();
  }

  /** The signals that a new program ignores. */
  private static long ignoredBy(Spawn spawn) {
    Descriptors.Pipe pipe = Descriptors.pipe().orElseThrow();
    int pid = spawn.redirect(pipe.writeEnd(), 1).start();
    Descriptors.close(pipe.writeEnd());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment line = arena.allocate(100);
      int length = (int) Descriptors.read(pipe.readEnd(), line);
      byte[] bytes = line.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      String text = new String(bytes, StandardCharsets.US_ASCII).strip();
      return Long.parseUnsignedLong(text.substring(text.lastIndexOf('\t') + 1), 16);
    } finally {
      Descriptors.close(pipe.readEnd());
      await().until(() -> Processes.change(pid).isPresent());
    }
  }

  private static Spawn ask() {
    return new Spawn(words("grep", "SigIgn", "/proc/self/status"), words("LC_ALL=C"));
  }

  @Test
  void signalsOfTheLibraryAreNotLeftIgnored() {
    assertThat(ignoredBy(ask()) & OF_THE_LIBRARY).isZero();
  }

  @Test
  void signalsOfTheLibraryThatWereIgnoredBeforeStayIgnored() {
    assertThat(ignoredBy(ask().ignored(OF_THE_LIBRARY)) & OF_THE_LIBRARY).isEqualTo(OF_THE_LIBRARY);
  }
}
