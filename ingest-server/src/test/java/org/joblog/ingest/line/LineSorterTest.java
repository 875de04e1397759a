package org.joblog.ingest.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.joblog.ingest.command.CommandLimits;
import org.joblog.ingest.command.CommandReader;
import org.joblog.ingest.command.CommandResult;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.console.Segment;
import org.joblog.ingest.console.Segments;
import org.joblog.schema.log.LineKind;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineSorterTest {

  private static final String COMMAND = "/LOGCOMMAND {\"mode\":\"metadata\"}";
  private static final CommandResult OBEYED = new CommandResult.Valid(Mode.METADATA, List.of());

  private final CommandReader reader = new CommandReader(CommandLimits.DEFAULT);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // what a console shows | raw text after the last carriage return | sorted as
        "``|``|TEXT",
        "plain text|plain text|TEXT",
        "{|{|TEXT",
        "}|}|TEXT",
        "{}|{}|OBJECT",
        "{\"a\":1}|{\"a\":1}|OBJECT",
        "{'a':1}|{'a':1}|OBJECT",
        " {\"a\":1}| {\"a\":1}|TEXT",
        "{\"a\":1}|{\"a\":1} |TEXT",
        "{\"a\":1}|\u001b[1m{\"a\":1}|TEXT",
        "{\"a\":1}x|{\"a\":1}x|TEXT",
        "{\"a\":1} 50%}|{\"a\":1}|TEXT",
        "[1]|[1]|TEXT",
        "/LOGCOMMAND|/LOGCOMMAND|TEXT",
        "/LOGCOMMAND|/LOGCOMMAND |COMMAND",
        "/LOGCOMMAND {}|/LOGCOMMAND {}|COMMAND",
        "/LOGCOMMAND x|/LOGCOMMAND x|COMMAND",
        "/LOGCOMMAND {}|\u001b[K/LOGCOMMAND {}|COMMAND",
        "/LOGCOMMAND {}##|/LOGCOMMAND {}|COMMAND",
        "##/LOGCOMMAND {}|/LOGCOMMAND {}|COMMAND",
        " /LOGCOMMAND {}| /LOGCOMMAND {}|TEXT",
        "/LOGCOMMANDS {}|/LOGCOMMANDS {}|TEXT",
        "/|/|TEXT",
      })
  void aLineIsSortedByItsFirstBytes(String row, String segment, Candidate.What expected) {
    assertThat(LineSorter.sort(row(row), Segments.of(segment)).what()).isEqualTo(expected);
  }

  @Test
  void withoutASegmentOnlyTheRowCounts() {
    assertThat(LineSorter.sort(row(COMMAND), null).what()).isEqualTo(Candidate.What.COMMAND);
    assertThat(LineSorter.sort(row("{\"a\":1}"), null).what()).isEqualTo(Candidate.What.TEXT);
  }

  @Test
  void theTextToReadIsTheLineAlone() {
    Candidate object = LineSorter.sort(row("{\"a\":1}"), Segments.of("{\"a\":1}"));
    assertThat(new String(object.bytes(), object.from(), object.to() - object.from(), UTF_8))
        .isEqualTo("{\"a\":1}");
  }

  @Test
  void aCommandBehindALongerBarIsObeyed() {
    assertThat(obey(COMMAND + "####", COMMAND)).isEqualTo(OBEYED);
    assertThat(obey(COMMAND + ", \"loss\": 1}", COMMAND)).isEqualTo(OBEYED);
  }

  @Test
  void aCommandIsObeyedAsAConsoleShowsIt() {
    assertThat(obey(COMMAND, COMMAND + "   ")).isEqualTo(OBEYED);
    assertThat(obey(COMMAND, "\u001b[32m" + COMMAND + "\u001b[0m")).isEqualTo(OBEYED);
  }

  @Test
  void ofTwoValidReadingsTheShownOneIsObeyed() {
    assertThat(obey(COMMAND, "/LOGCOMMAND {\"mode\":\"enabled\"}")).isEqualTo(OBEYED);
  }

  @Test
  void aLineThatIsNoValidCommandInEitherReadingIsInvalid() {
    assertThat(obey(COMMAND + " x", COMMAND + " x")).isInstanceOf(CommandResult.Invalid.class);
    assertThat(obey("/LOGCOMMAND", "/LOGCOMMAND ")).isInstanceOf(CommandResult.Invalid.class);
  }

  private CommandResult obey(String row, String segment) {
    Segment raw = Segments.of(segment);
    Candidate line = reader.choose(LineSorter.sort(row(row), raw));
    return reader.read(line.bytes(), line.from(), line.to());
  }

  private static Row row(String text) {
    return Row.of(text, LineKind.TEXT, 0);
  }
}
