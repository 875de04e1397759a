package org.joblog.shipper.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptInFileTest {

  @TempDir private Path home;

  private Optional<byte[]> read() {
    return OptInFile.read(home.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Path file() {
    return home.resolve(".logoptin");
  }

  @Test
  void noFileIsNoConsent() {
    assertThat(read()).isEmpty();
  }

  @Test
  void anEmptyFileIsConsent() throws IOException {
    Files.createFile(file());
    assertThat(read()).hasValueSatisfying(bytes -> assertThat(bytes).isEmpty());
  }

  @Test
  void theBytesAreHandedOverAsTheyAre() throws IOException {
    byte[] bytes = {0, (byte) 0xff, '\r', '\n', 'x'};
    Files.write(file(), bytes);
    assertThat(read()).hasValueSatisfying(read -> assertThat(read).isEqualTo(bytes));
  }

  @Test
  void ofAFileThatIsTooLongOneByteMoreThanMayBeUnderstoodIsRead() throws IOException {
    Files.write(file(), new byte[65_536]);
    assertThat(read()).hasValueSatisfying(read -> assertThat(read).hasSize(65_536));
    for (int size : new int[] {65_537, 65_538, 1 << 20}) {
      Files.write(file(), new byte[size]);
      assertThat(read()).hasValueSatisfying(read -> assertThat(read).hasSize(65_537));
    }
  }

  @Test
  void aLinkToAFileCountsAndALinkToNowhereDoesNot() throws IOException {
    Path target = Files.writeString(home.resolve("target"), "mode: disabled");
    Files.createSymbolicLink(file(), target);
    assertThat(read()).isPresent();
    Files.delete(target);
    assertThat(read()).isEmpty();
  }

  @Test
  void aFolderADeviceAndAFifoDoNotCountAndAreNotWaitedFor() throws Exception {
    Files.createDirectory(file());
    assertThat(read()).isEmpty();
    Files.delete(file());
    for (String device : new String[] {"/dev/zero", "/dev/null", "/dev/stdin"}) {
      Files.createSymbolicLink(file(), Path.of(device));
      assertThat(read()).isEmpty();
      Files.delete(file());
    }
    assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor()).isZero();
    assertThat(read()).isEmpty();
  }

  @Test
  void aHomeThatHangsIsNoConsentInTime() {
    CountDownLatch never = new CountDownLatch(1);
    Optional<String> answer =
        OptInFile.inTime(
            Duration.ofMillis(50),
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return Optional.of("late");
            });
    assertThat(answer).isEmpty();
    never.countDown();
  }

  @Test
  void aQuestionThatFailsIsNoConsent() {
    Optional<String> answer =
        OptInFile.inTime(
            Duration.ofSeconds(10),
            () -> {
              throw new IllegalStateException("no file system");
            });
    assertThat(answer).isEmpty();
  }
}
