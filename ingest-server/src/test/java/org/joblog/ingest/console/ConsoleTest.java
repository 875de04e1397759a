package org.joblog.ingest.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest implements Console.Outlet {

  private final List<String> completed = new ArrayList<>();
  private final List<String> finished = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private Console console = new Console(ConsoleLimits.DEFAULTS, this);
  private boolean commits;

  @Override
  public LineKind completed(Row row, @Nullable Segment segment) {
    completed.add(row.text() + (segment == null ? "" : " / " + segment.text()));
    if (commits) {
      console.commit();
    }
    return row.text().startsWith("{") ? LineKind.METADATA : LineKind.TEXT;
  }

  @Override
  public void finished(Row row) {
    finished.add(row.text());
    told.add(row.kind() + " " + row.firstAtMicros() + "-" + row.lastAtMicros());
  }

  private void push(String text, long atMicros) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    console.push(bytes, 0, bytes.length, atMicros);
  }

  private void push(String text) {
    push(text, 1);
  }

  @Test
  void aRowTellsWhenItWasFirstAndLastWrittenTo() {
    push("10%", 1);
    push("\r20%", 2);
    push("\nnext\n", 3);
    console.end(4);
    assertThat(told).containsExactly("TEXT 1-2", "TEXT 3-3");
  }

  @Test
  void aBarOfHoursTellsItsTimes() {
    long hour = 3_600_000_000L;
    push("10%", 1);
    push("\r20%", hour);
    push("\r3", 2 * hour);
    push("\u001b[K", 3 * hour);
    push("\r\n", 4 * hour);
    console.end(5 * hour);
    assertThat(finished).containsExactly("3");
    assertThat(told).containsExactly("TEXT 1-" + 3 * hour);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bar 1\nbar 2\r\u001b[2K\u001b[1A\u001b[2K",
        "bar 1\nbar 2\u001b[2K\u001b[F\u001b[J",
        "old\u001b[2K\u001b[G",
        "old\u001b[2J\u001b[H",
        "old\u001b[H\u001b[2J",
        "ab\u001b[2K\b\b",
        "\n\u001b[A",
        "\u001b[1K\u001b[P"
      })
  void aSegmentBeginsWhereTheCursorComesToTheBeginningOfAnEmptyRow(String motion) {
    push(motion + "{1}\n");
    assertThat(completed).last().isEqualTo("{1} / {1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{0}\u001b[G", "x\u001b[2K", "x\u001b[2K\u001b[Gy\u001b[D", "\u001b[C"})
  void motionElsewhereEndsASegment(String motion) {
    push(motion + "{1}\n");
    assertThat(completed.getLast()).doesNotContain("/");
  }

  @Test
  void theRestOfALineIsNoSegmentWhereItsBeginningIsOnAnotherRow() {
    push("{1");
    console.commit();
    push("{2}\n{3}\nhidden");
    console.hide();
    console.show();
    push("{4}\n{5");
    console.commit();
    console.commit();
    push("}\n\r");
    console.commit();
    push("{6}\n");
    assertThat(completed).containsExactly("{2}", "{3} / {3}", "{4}", "}", "{6} / {6}");
  }

  @Test
  void aRowKeepsItsKindUntilItsTextChanges() {
    push("{1}\n{2}\n");
    push("\u001b[2Ax\n\n");
    console.end(1);
    assertThat(finished).containsExactly("x1}", "{2}");
    assertThat(told).containsExactly("TEXT 1-1", "METADATA 1-1");
    assertThat(completed).as("each once").hasSize(3);
  }

  @Test
  void aRowIsFinalWhenItLeavesTheWindow() {
    for (int i = 0; i < 100; i++) {
      push(i + "\n");
    }
    assertThat(finished).containsExactly("0");
  }

  @Test
  void aRestoredWindowKeepsItsHeight() throws IOException {
    for (int i = 0; i < 99; i++) {
      push(i + "\n");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    console.writeTo(new DataOutputStream(bytes));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    console = Console.readFrom(in, ConsoleLimits.DEFAULTS.withWindowRows(10), this);
    push("99\n\u001b[98Ax");
    console.end(1);
    assertThat(finished).hasSize(100).startsWith("0", "1", "x").endsWith("98", "99");
  }

  @Test
  void aCommitMakesAHalfWrittenRowFinalAndNothingCanReachIt() {
    push("a\nhalf");
    console.commit();
    push("\u001b[A\u001b[Hline\n");
    console.end(1);
    assertThat(finished).containsExactly("a", "half", "line");
  }

  @Test
  void bytesBehindACommitFromInsideMeetAnEmptyWindow() {
    commits = true;
    push("a\nb\n\u001b[Ac\n");
    console.end(1);
    assertThat(finished).containsExactly("a", "b", "c");
  }

  @Test
  void aSegmentIsWhatWasPrintedSinceTheLastCarriageReturn() {
    push("50%|#####|\r{\"a\":1}\n");
    push("bar\r\u001b[32m/LOGCOMMAND {}\u001b[0m\r\n");
    push("x{}\r{\"b\"\u001b[C:1}\n");
    assertThat(completed)
        .containsExactly(
            "{\"a\":1}##| / {\"a\":1}", "/LOGCOMMAND {} / /LOGCOMMAND {}", "{\"b\" :1}");
  }

  @Test
  void coloursAreKeptInCanonicalForm() {
    List<String> ansi = new ArrayList<>();
    push(
        "\u001b[1;31mred\u001b[m and \u001b[38;5;46;4mgreen\u001b[0m   \u001b[48:2::0:0:238m \u001b[m");
    console.forEachRow(row -> ansi.add(String.valueOf(row.ansi())));
    assertThat(ansi)
        .containsExactly("\u001b[1m\u001b[31mred\u001b[0m and \u001b[4m\u001b[92mgreen\u001b[0m");
  }

  @Test
  void coloursCanBeSwitchedOff() {
    console = new Console(ConsoleLimits.DEFAULTS.withColours(false), this);
    List<String> ansi = new ArrayList<>();
    push("\u001b[1;31mred\n");
    console.forEachRow(row -> ansi.add(row.text() + row.ansi()));
    assertThat(ansi).containsExactly("rednull");
  }

  @Test
  void aRowIsCutOnACharacterAndSaysHowLongItWas() {
    console = new Console(ConsoleLimits.DEFAULTS.withRowBytes(16), this);
    push("123456789012345é789\n");
    push("123456789012345\u001b[31méé7\n");
    console.end(1);
    assertThat(finished)
        .containsExactly("123456789012345…[+5 bytes]", "123456789012345…[+5 bytes]");
  }
}
