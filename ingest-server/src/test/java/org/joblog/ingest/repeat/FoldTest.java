package org.joblog.ingest.repeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joblog.ingest.console.Row;
import org.joblog.schema.log.LineKind;
import org.junit.jupiter.api.Test;

class FoldTest {

  private static final Pattern MESSAGE =
      Pattern.compile("\\[previous (?:line|(\\d) lines) repeated \\d+ more times]");

  private final List<String> lines = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final List<String> times = new ArrayList<>();
  private Fold fold = new Fold(FoldLimits.DEFAULTS, this::line);
  private long clock;

  private void line(Row line, long repeats) {
    lines.add(line.text());
    counts.add(repeats);
    times.add(line.firstAtMicros() + "-" + line.lastAtMicros());
  }

  private void rows(String... texts) {
    for (String text : texts) {
      fold.row(Row.of(text, LineKind.TEXT, ++clock));
    }
  }

  @Test
  void theFirstOfARunIsStoredAtOnceAndTwoAreStoredAsTwo() {
    rows("a");
    assertThat(lines).containsExactly("a");
    rows("a", "b");
    assertThat(lines).containsExactly("a", "a", "b");
  }

  @Test
  void aRunTellsItsCountAndTimes() {
    rows("a", "a", "a", "a", "b");
    assertThat(lines).containsExactly("a", "[previous line repeated 3 more times]", "b");
    assertThat(counts).containsExactly(0L, 3L, 0L);
    assertThat(times).containsExactly("1-1", "2-4", "5-5");
  }

  @Test
  void blocksOfUpToEightLinesFold() {
    for (int block = 2; block <= 8; block++) {
      lines.clear();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < block; i++) {
        expected.add("block " + block + " line " + i);
      }
      for (int copy = 0; copy < 1000; copy++) {
        rows(expected.toArray(String[]::new));
      }
      fold.flush();
      expected.add("[previous " + block + " lines repeated 999 more times]");
      assertThat(lines).isEqualTo(expected);
    }
  }

  @Test
  void aBlockWithEqualLinesInItFolds() {
    rows("a", "a", "b", "a", "a", "b", "a", "a", "b", "a", "a", "b");
    fold.flush();
    assertThat(lines).containsExactly("a", "a", "b", "[previous 3 lines repeated 3 more times]");
  }

  @Test
  void aBlockThatBreaksOffIsStoredAsFarAsItCame() {
    rows("a", "b", "a", "b", "a", "b", "a", "c");
    assertThat(lines)
        .containsExactly("a", "b", "[previous 2 lines repeated 2 more times]", "a", "c");
  }

  @Test
  void emptyLinesBecomeOneAndNoneEndsTheLog() {
    rows("", "", "a", "", "", "b", "", "");
    fold.flush();
    assertThat(lines).containsExactly("", "a", "", "b");
  }

  @Test
  void metadataAndCommandsAreNeverFoldedAndEndRuns() {
    for (LineKind kind : List.of(LineKind.METADATA, LineKind.COMMAND)) {
      lines.clear();
      for (int i = 0; i < 4; i++) {
        fold.row(Row.of("{}", kind, ++clock));
      }
      rows("a", "a", "a");
      fold.row(Row.of("{}", kind, ++clock));
      rows("a");
      fold.flush();
      assertThat(lines)
          .containsExactly(
              "{}", "{}", "{}", "{}", "a", "[previous line repeated 2 more times]", "{}", "a");
    }
  }

  @Test
  void wordsOfTheMessageAreOnlyWords() {
    rows("a", "[previous line repeated 2 more times]", "a");
    fold.flush();
    assertThat(counts).containsExactly(0L, 0L, 0L);
  }

  @Test
  void aForkShowsTheOpenRunAndLeavesItAsItIs() {
    rows("a", "a", "a");
    List<String> live = new ArrayList<>();
    Fold fork = fold.fork((line, _) -> live.add(line.text()));
    fork.row(Row.of("a", LineKind.TEXT, 9));
    fork.flush();
    assertThat(live).containsExactly("[previous line repeated 3 more times]");
    rows("b");
    assertThat(lines).containsExactly("a", "[previous line repeated 2 more times]", "b");
  }

  @Test
  void unfoldedEveryLogIsWhatWasPrinted() throws IOException {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      List<String> printed = new ArrayList<>();
      lines.clear();
      counts.clear();
      fold = new Fold(FoldLimits.DEFAULTS, this::line);
      int words = 1 + random.nextInt(4);
      for (int i = random.nextInt(60); i >= 0; i--) {
        String text = "line " + random.nextInt(words);
        for (int copies = random.nextInt(4); copies >= 0; copies--) {
          printed.add(text);
          rows(text);
          restoreSometimes(random);
        }
      }
      fold.flush();
      assertThat(unfolded()).as("seed %d", seed).isEqualTo(printed);
    }
  }

  private void restoreSometimes(Random random) throws IOException {
    if (random.nextInt(3) == 0) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      fold.writeTo(new DataOutputStream(bytes));
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      fold = Fold.readFrom(in, FoldLimits.DEFAULTS, this::line);
      assertThat(in.available()).isZero();
    }
  }

  private List<String> unfolded() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher message = MESSAGE.matcher(lines.get(i));
      if (counts.get(i) > 0 && message.matches()) {
        int block = message.group(1) == null ? 1 : Integer.parseInt(message.group(1));
        List<String> last = List.copyOf(all.subList(all.size() - block, all.size()));
        for (long n = counts.get(i); n > 0; n--) {
          all.addAll(last);
        }
      } else {
        all.add(lines.get(i));
      }
    }
    return all;
  }
}
