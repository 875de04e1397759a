package org.joblog.ingest.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandReaderTest {

  private final CommandReader reader = new CommandReader(CommandLimits.DEFAULT);

  @ParameterizedTest
  @EnumSource
  void everyModeCanBeCommanded(Mode mode) {
    String word = mode.word();
    for (String json :
        List.of(
            "{\"mode\":\"" + word + "\"}",
            "{ \"mode\" :\t\"" + word + "\" }",
            "{\"m\\u006fde\":\"" + word.replace("e", "\\u0065") + "\"}")) {
      assertThat(read("/LOGCOMMAND " + json)).isEqualTo(new CommandResult.Valid(mode, List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/LOGCOMMAND",
        "/LOGCOMMAND\t{}",
        "/LOGCOMMANDS {}",
        " /LOGCOMMAND {\"mode\":\"enabled\"}",
        "x/LOGCOMMAND {\"mode\":\"enabled\"}",
        "/logcommand {\"mode\":\"enabled\"}",
        "/LOGCOMMAND\u00a0{\"mode\":\"enabled\"}",
        "{\"mode\":\"enabled\"}"
      })
  void otherLinesAreNoCommands(String line) {
    assertThat(read(line)).isEqualTo(new CommandResult.NotACommand());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "enabled",
        " {\"mode\":\"enabled\"}",
        "{\"mode\":\"enabled\"} ",
        "{\"mode\":\"enabled\"}\u0000",
        "{\"mode\":\"enabled\"} x",
        "{\"mode\":\"enabled\"}{\"mode\":\"enabled\"}",
        "{\"mode\":\"enabled\"} {}",
        "{\"mode\":\"enabled\"",
        "{\"mode\":\"enabled\",}",
        "{'mode':'enabled'}",
        "{mode:\"enabled\"}",
        "{\"mode\":\"Enabled\"}",
        "{\"mode\":\"enabled \"}",
        "{\"mode\":\"\"}",
        "{\"mode\":null}",
        "{\"mode\":true}",
        "{\"mode\":1}",
        "{\"mode\":[\"enabled\"]}",
        "{\"mode\":{\"mode\":\"enabled\"}}",
        "{\"mode\":\"disabled\",\"mode\":\"enabled\"}",
        "{\"mode\":\"x\",\"mode\":\"enabled\"}",
        "[{\"mode\":\"enabled\"}]",
        "\"{\"mode\":\"enabled\"}",
        "{\"x\":NaN}",
        "{\"x\":01}",
        "{\"mode\":\"enabled\",\"x\":\"\u0007\"}",
        "{/**/\"mode\":\"enabled\"}",
        "}",
        "{}}",
        "{{}"
      })
  void aLineThatOnlyBeginsAsACommandIsInvalid(String rest) {
    assertThat(read("/LOGCOMMAND " + rest)).isInstanceOf(CommandResult.Invalid.class);
  }

  @Test
  void aCommandWithoutOptionsChangesNothingAndSaysSo() {
    assertThat(read("/LOGCOMMAND {}"))
        .isEqualTo(
            new CommandResult.Valid(null, List.of("The command sets no option; nothing changed.")));
  }

  @Test
  void anUnknownOptionIsIgnoredWithANotice() {
    assertThat(read("/LOGCOMMAND {\"secret\":{\"a\":[1,{}]},\"mode\":\"metadata\"}"))
        .isEqualTo(
            new CommandResult.Valid(
                Mode.METADATA,
                List.of("Option 1 of the command is unknown and was ignored (known: \"mode\").")));
  }

  @Test
  void manyUnknownOptionsAreCounted() {
    CommandResult.Valid valid =
        (CommandResult.Valid) read("/LOGCOMMAND {\"a\":1" + ",\"b\":2".repeat(100) + "}");
    assertThat(valid.mode()).isNull();
    assertThat(valid.notices()).hasSize(CommandLimits.DEFAULT.notices() + 1);
    assertThat(valid.notices().getLast()).startsWith("97 more options");
  }

  @Test
  void noMessageQuotesTheLine() {
    for (String rest :
        List.of(
            "{hunter2}",
            "{\"mode\":\"hunter2\"}",
            "{\"hunter2\":1}",
            "hunter2",
            "{\"a\":hunter2}",
            "{\"mode\":\"enabled\"}hunter2}",
            "{\"hunter2\":\"\\q\"}")) {
      assertThat(read("/LOGCOMMAND " + rest).toString()).doesNotContain("hunter2");
    }
  }

  @Test
  void theLongestCommandIsReadAndOneByteMoreIsNot() {
    String begin = "/LOGCOMMAND {\"mode\":\"enabled\"";
    String longest = begin + " ".repeat(CommandLimits.DEFAULT.bytes() - begin.length() - 1) + "}";
    assertThat(read(longest)).isEqualTo(new CommandResult.Valid(Mode.ENABLED, List.of()));
    assertThat(read(longest.replace("  }", "   }"))).isInstanceOf(CommandResult.Invalid.class);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "{\"x\":" + "[".repeat(17) + "]".repeat(17) + "}";
    assertThat(read("/LOGCOMMAND " + deep)).isInstanceOf(CommandResult.Invalid.class);
  }

  @Test
  void bytesThatLookLikeUtf16AreNotAnotherEncoding() {
    byte[] json = "{\"mode\":\"enabled\"}".getBytes(StandardCharsets.UTF_16BE);
    byte[] line = new byte[12 + json.length - 1];
    System.arraycopy("/LOGCOMMAND ".getBytes(UTF_8), 0, line, 0, 12);
    System.arraycopy(json, 1, line, 12, json.length - 1);
    assertThat(reader.read(line, 0, line.length)).isInstanceOf(CommandResult.Invalid.class);
  }

  @Test
  void onlyTheGivenRangeIsRead() {
    byte[] bytes = "xx/LOGCOMMAND {\"mode\":\"metadata\"}yy".getBytes(UTF_8);
    assertThat(reader.read(bytes, 2, bytes.length - 2))
        .isEqualTo(new CommandResult.Valid(Mode.METADATA, List.of()));
    for (int to = 14; to < bytes.length - 2; to++) {
      assertThat(reader.read(bytes, 2, to)).isInstanceOf(CommandResult.Invalid.class);
    }
    for (int to = 2; to < 14; to++) {
      assertThat(reader.read(bytes, 2, to)).isInstanceOf(CommandResult.NotACommand.class);
    }
  }

  private CommandResult read(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return reader.read(bytes, 0, bytes.length);
  }
}
