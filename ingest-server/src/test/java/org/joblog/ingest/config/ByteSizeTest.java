package org.joblog.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "512B, 512",
    "64KiB, 65536",
    "32MiB, 33554432",
    "4 GiB, 4294967296",
    "1TiB, 1099511627776",
    "8388607TiB, 9223370937343148032"
  })
  void sizesAreReadWithTheirUnit(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1023, 1024, 1025, 1 << 20, (1L << 30) + 1, 1L << 40, 1L << 50})
  void whatIsWrittenIsReadAgain(long bytes) {
    ByteSize size = new ByteSize(bytes);

    assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
  }

  @Test
  void theLargestUnitThatDividesIsWritten() {
    assertThat(new ByteSize(64 << 20)).hasToString("64MiB");
    assertThat(new ByteSize(1536 << 10)).hasToString("1536KiB");
    assertThat(new ByteSize(0)).hasToString("0B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "64", "64MB", "-1B", "1.5GiB", "MiB", "64mib", "9999999999999999999B"})
  void whatIsNoSizeIsRefusedWithTheExpectation(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).hasMessageContaining("expected: a size such as");
  }

  @Test
  void aSizeOfMoreThan63BitsIsRefused() {
    assertThatThrownBy(() -> ByteSize.parse("8388608TiB"))
        .hasMessage("8388608TiB (expected: less than 8388608TiB)");
  }
}
