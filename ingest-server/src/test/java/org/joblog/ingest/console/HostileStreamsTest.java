package org.joblog.ingest.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that would take memory or time without bounds. The heap of the tests is their limit. */
class HostileStreamsTest implements Console.Outlet {

  private final List<String> rows = new ArrayList<>();
  private final Console console = new Console(ConsoleLimits.DEFAULTS, this);
  private int longest;

  @Override
  public LineKind completed(Row row, @Nullable Segment segment) {
    return LineKind.TEXT;
  }

  @Override
  public void finished(Row row) {
    longest = Math.max(longest, row.to() - row.from());
    if (rows.size() < 1000) {
      rows.add(row.to() - row.from() > 100 ? "long" : row.text());
    }
  }

  private void push(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    console.push(bytes, 0, bytes.length, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"b", "C", "@", "B", "L", "M", "P", "X", "S", "T", "I", "Z", "G", "d", "A"})
  void countsThatNoTerminalHasDoLittle(String end) {
    for (int i = 0; i < 1000; i++) {
      push("a\u001b[999999999" + end + "b\r");
    }
    console.end(1);
    assertThat(longest).isLessThanOrEqualTo(2100);
  }

  @Test
  void aLineOfAGigabyteIsCutAndItsLengthIsTold() {
    byte[] chunk = new byte[1 << 20];
    Arrays.fill(chunk, (byte) 'x');
    for (int i = 0; i < 1024; i++) {
      console.push(chunk, 0, chunk.length, 1);
    }
    long[] cut = new long[1];
    console.forEachRow(row -> cut[0] = row.cutBytes());
    assertThat(cut[0]).isEqualTo((1L << 30) - (1 << 20));
    push("\nafter");
    console.end(1);
    assertThat(rows).containsExactly("long", "after");
    assertThat(longest)
        .isEqualTo((1 << 20) + "…[+1072693248 bytes]".getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void aWindowOfLongRowsBecomesFinalEarly() {
    String row = "y".repeat(1 << 20) + "\n";
    for (int i = 0; i < 50; i++) {
      push(row);
    }
    assertThat(rows.size()).isGreaterThan(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b]", "\u001b_", "\u001b^", "\u001bX"})
  void aStringThatIsNeverEndedSwallowsOneLine(String begin) {
    push("before" + begin + "0;title");
    push("swallowed\nafter\n");
    console.end(1);
    assertThat(rows).containsExactly("before", "after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b", "\u001b(", "\u001b[", "\u001b[3;4", "\u001b[?1$", "\u001b[3<"})
  void aBrokenSequenceSwallowsOneLetterOfAnyScriptAndNoMore(String begin) {
    push("before" + begin + "日本語のログ after\n");
    console.end(1);
    assertThat(rows).containsExactly("before本語のログ after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b]", "\u001b_", "\u001b^", "\u001bX", "\u001bP"})
  void noStringIsLongerThanItsBound(String begin) {
    push(begin + "z".repeat(65_536) + "after\n");
    console.end(1);
    assertThat(rows).containsExactly("after");
  }

  @Test
  void carriageReturnsOverALongRowCostWhatTheyPrint() {
    for (String row : List.of("x".repeat(1 << 20), "é".repeat(1 << 19))) {
      push(row);
      push("\ra".repeat(200_000));
      push("\n");
    }
    console.end(1);
    assertThat(rows).containsExactly("long", "long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[A\u001b[Bx",
        "\u001b[P",
        "\u001b[@",
        "\u001b[4hy",
        "\u001b[1K",
        "\u001b[9999C",
        "\r\u001b[Cz",
        "\u001b[A\ré\u001b[B",
        "\u001b[31mq\u001b[A\u001b[B"
      })
  void editsOfALongRowCostNoMoreThanItsFirstCells(String edit) {
    push("\n" + "é".repeat(200_000));
    push(edit.repeat(20_000));
    console.end(1);
    assertThat(longest).isLessThanOrEqualTo(400_100);
  }

  @Test
  void marksHeapedOnALetterAreDropped() {
    push("a" + "\u0301".repeat(1_000_000) + "b\n");
    console.end(1);
    assertThat(rows).containsExactly("a" + "\u0301".repeat(15) + "b");
  }

  @Test
  void aFullScreenProgramThatScrollsForeverKeepsAThousandRows() {
    push("\u001b[?1049h");
    for (int i = 0; i < 100_000; i++) {
      push("row " + i + "\n");
    }
    int[] count = new int[1];
    console.forEachRow(_ -> count[0]++);
    assertThat(count[0]).isBetween(1000, 1100);
  }
}
