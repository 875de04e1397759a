package org.joblog.ingest.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jline.utils.ScreenTerminal;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The console beside JLine's emulator, which shares no line with it. Where they are known to differ
 * is listed with what each shows; an entry that is no longer true fails.
 */
class JlineDifferentialTest {

  private static final int ROUNDS = 2000;
  private static final int COLUMNS = 200;
  private static final int ROWS = 50;

  /**
   * What they disagree about.
   *
   * @param input what is printed
   * @param console what the console shows, as other emulators do
   * @param jline what JLine shows
   */
  private record Difference(String input, String console, String jline) {}

  private static final Map<String, Difference> KNOWN =
      Map.of(
          "tab stops are at multiples of 7", new Difference("hello\tX", "hello   X", "hello  X"),
          "an inserted row leaves the cursor's column",
              new Difference("a\u001b[Lb", "b\na", " b\na"),
          "a cursor saved by ESC 7 is not restored by CSI u",
              new Difference("ab\u001b7cd\u001b[uX", "abXd", "Xbcd"),
          "a clear erases what a log keeps", new Difference("a\n\u001b[H\u001b[Jb", "a\nb", "b"),
          "combining marks are dropped", new Difference("e\u0301x", "e\u0301x", "ex"),
          "the rest of a covered wide character stays", new Difference("日\bX", " X", "日X"));

  @Test
  void randomOutputEndsTheSame() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] output = new RandomOutput(seed).common(30);
      Terminal terminal = new Terminal(Probe.NONE);
      terminal.push(output, 0, output.length);
      terminal.end();
      String text = new String(output, StandardCharsets.UTF_8);
      assertThat(terminal.text())
          .as("seed %d: %s", seed, text.replace('\u001b', '^'))
          .isEqualTo(jline(text));
    }
  }

  @TestFactory
  Stream<DynamicTest> knownDifferencesAreStillThere() {
    return KNOWN.entrySet().stream()
        .map(known ->
            DynamicTest.dynamicTest(
                known.getKey(),
                () -> {
                  Difference each = known.getValue();
                  Terminal terminal = new Terminal(Probe.NONE);
                  byte[] bytes = each.input().getBytes(StandardCharsets.UTF_8);
                  terminal.push(bytes, 0, bytes.length);
                  terminal.end();
                  assertThat(terminal.text()).isEqualTo(each.console());
                  assertThat(jline(each.input())).isEqualTo(each.jline());
                }));
  }

  private static String jline(String text) {
    ScreenTerminal terminal = new ScreenTerminal(COLUMNS, ROWS);
    terminal.write(text.replace("\r\n", "\n").replace("\n", "\r\n"));
    List<String> rows = new ArrayList<>();
    terminal.getHistory().forEach(row -> rows.add(row(row, 0, row.length)));
    long[] screen = new long[COLUMNS * ROWS];
    terminal.dump(screen, 0, 0, ROWS, COLUMNS, new int[2]);
    for (int i = 0; i < ROWS; i++) {
      rows.add(row(screen, i * COLUMNS, (i + 1) * COLUMNS));
    }
    return String.join("\n", rows).stripTrailing();
  }

  private static String row(long[] cells, int from, int to) {
    StringBuilder row = new StringBuilder();
    for (int i = from; i < to; i++) {
      int codePoint = ScreenTerminal.cellCodePoint(cells[i]);
      row.appendCodePoint(codePoint == 0 ? ' ' : codePoint);
    }
    return row.toString().stripTrailing();
  }
}
