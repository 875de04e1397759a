package org.joblog.ingest.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a hidden stream prints is nowhere, but commands in it are seen, also after a crash. */
class HiddenConsoleTest implements Console.Outlet {

  private static final String SECRET = "hunter2";
  private static final List<String> PARTS =
      List.of(
          SECRET,
          "bar " + SECRET,
          "\r",
          "\n",
          "\r\n",
          "\u001b[A",
          "\u001b[B",
          "\u001b[2K",
          "\t",
          "\u001b[31m",
          "\u001b[L",
          "\u001b[M",
          "\u001b[2;9r",
          "\u001b[?1049h",
          "\u001b[?1049l",
          "\u001b[T",
          "\u001b7",
          "\u001b8",
          "\u001b[2J",
          "\u001bc",
          "é" + SECRET,
          "\u001b[3b",
          "\r/LOGCOMMAND {}\n",
          "\u001b]" + SECRET + "\u0007",
          "{\"a\":1}\n");

  private final List<String> completed = new ArrayList<>();
  private final List<String> finished = new ArrayList<>();
  private Console console = new Console(ConsoleLimits.DEFAULTS, this);

  @Override
  public LineKind completed(Row row, @Nullable Segment segment) {
    completed.add(row.text() + (segment == null ? "" : " / " + segment.text()));
    return LineKind.TEXT;
  }

  @Override
  public void finished(Row row) {
    finished.add(row.text());
  }

  private void push(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    console.push(bytes, 0, bytes.length, 1);
  }

  private byte[] checkpoint() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    console.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void nothingOfAHiddenStreamIsKeptOrShown() throws IOException {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      console = new Console(ConsoleLimits.DEFAULTS, this);
      finished.clear();
      push("visible\n");
      console.commit();
      console.hide();
      for (int i = 0; i < 20; i++) {
        push(PARTS.get(random.nextInt(PARTS.size())));
        assertThat(new String(checkpoint(), StandardCharsets.UTF_8)).doesNotContain(SECRET);
        console.forEachRow(row -> assertThat(row.text()).isEmpty());
      }
      console.show();
      for (String part : PARTS) {
        push(part.replace(SECRET, "open"));
      }
      console.end(1);
      assertThat(finished).as("seed %d", seed).noneMatch(row -> row.contains(SECRET));
      assertThat(finished).first().isEqualTo("visible");
    }
  }

  @Test
  void aHiddenStreamThatIsReadAgainSeesTheSameLines() throws IOException {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        all.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      byte[] bytes = all.append("\n").toString().getBytes(StandardCharsets.UTF_8);
      all.replace(
          0,
          all.length(),
          all.toString().replace("\u001b", "^").replace("\r", "CR").replace("\n", "LF"));
      assertThat(commandsWithCrashes(bytes, random))
          .as("seed %d: %s", seed, all)
          .isEqualTo(commands(bytes));
    }
  }

  private List<String> commands(byte[] bytes) {
    begin();
    console.push(bytes, 0, bytes.length, 1);
    return onlyCommands();
  }

  private List<String> commandsWithCrashes(byte[] bytes, Random random) throws IOException {
    begin();
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(9));
      console.push(bytes, from, to, 1);
      from = to;
      if (random.nextInt(3) == 0) {
        byte[] saved = checkpoint();
        from -= (int) console.rewind();
        console =
            Console.readFrom(
                new DataInputStream(new ByteArrayInputStream(saved)), ConsoleLimits.DEFAULTS, this);
      }
    }
    return onlyCommands();
  }

  private void begin() {
    completed.clear();
    console = new Console(ConsoleLimits.DEFAULTS, this);
    console.hide();
  }

  private List<String> onlyCommands() {
    return completed.stream()
        .filter(line -> line.contains(" / "))
        .map(line -> line.substring(line.indexOf(" / ")))
        .toList();
  }

  @Test
  void afterACrashTheFirstLineThatIsShownIsSeenAsItWouldBeWithout() throws IOException {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder hidden = new StringBuilder();
      for (int i = random.nextInt(6); i > 0; i--) {
        hidden.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      // Between two lines, where nothing has to be pushed again.
      byte[] before =
          hidden
              .append(random.nextBoolean() ? "\u001bc" : "\n")
              .toString()
              .getBytes(StandardCharsets.UTF_8);
      begin();
      console.push(before, 0, before.length, 1);
      byte[] saved = checkpoint();
      int again = (int) console.rewind();
      List<String> without = firstShown(before, before.length);
      console =
          Console.readFrom(
              new DataInputStream(new ByteArrayInputStream(saved)), ConsoleLimits.DEFAULTS, this);

      assertThat(firstShown(before, before.length - again)).as("seed %d", seed).isEqualTo(without);
    }
  }

  /** What is seen when the stream is shown and prints an object, in pieces as they come. */
  private List<String> firstShown(byte[] before, int pushedAgainFrom) {
    console.push(before, pushedAgainFrom, before.length, 1);
    completed.clear();
    console.show();
    "{\"a\":1}\n".chars().forEach(c -> push(Character.toString(c)));
    return onlyCommands();
  }

  @Test
  void afterACrashBetweenTwoLinesTheNextIsWhole() throws IOException {
    console.hide();
    push("hidden\n");
    console =
        Console.readFrom(
            new DataInputStream(new ByteArrayInputStream(checkpoint())),
            ConsoleLimits.DEFAULTS,
            this);
    completed.clear();
    console.show();
    push("{\"a\":");
    push("1}\n");

    assertThat(completed).containsExactly("{\"a\":1} / {\"a\":1}");
  }

  @Test
  void theEndOfALineIsNoCommandWhenItsBeginningWasHiddenBefore() {
    push("abc");
    console.hide();
    push("/LOGCOMMAND {}\n/LOGCOMMAND {}\n");
    assertThat(completed).containsExactly("", "/LOGCOMMAND {} / /LOGCOMMAND {}");
  }

  @Test
  void aLineTooLongToBeReadAgainIsGivenUp() {
    console.hide();
    int longest = ConsoleLimits.DEFAULTS.openLineBytes();
    byte[] line = new byte[longest];
    Arrays.fill(line, (byte) 'x');
    console.push(line, 0, line.length, 1);
    assertThat(console.rewind()).isEqualTo(longest);
    console.push(line, 0, 1, 1);
    assertThat(console.rewind()).isZero();
    push("\n/LOGCOMMAND {}\n");
    assertThat(completed).containsExactly("", "/LOGCOMMAND {} / /LOGCOMMAND {}");
  }

  @Test
  void aHalfLineIsNotFinishedByTheNextMode() {
    console.hide();
    push(SECRET);
    console.show();
    push("word\n");
    console.end(1);
    assertThat(finished).containsExactly("word");
  }
}
