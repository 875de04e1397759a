package org.joblog.ingest.options;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptInFileTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "  ", "# only a comment\n", "---\n", "{}", "\uFEFF"})
  void aFileThatSaysNothingMeansTheDefault(String yaml) {
    assertThat(read(yaml)).isEqualTo(new OptInResult(JobOptions.DEFAULT, List.of()));
  }

  @ParameterizedTest
  @EnumSource
  void everyModeIsUnderstood(Mode mode) {
    for (String yaml :
        List.of(
            "mode: " + mode.word(),
            "mode: \"" + mode.word() + "\"\r\n",
            "mode: '" + mode.word() + "' # why\n",
            "{mode: " + mode.word() + "}",
            "%YAML 1.1\n---\nmode: " + mode.word() + "\n...\n",
            "\uFEFF\"mode\": " + mode.word())) {
      assertThat(read(yaml)).isEqualTo(new OptInResult(new JobOptions(mode, true), List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "False", "no", "off", "OFF"})
  void commandsCanBeSwitchedOff(String word) {
    assertThat(read("commands: " + word).options()).isEqualTo(new JobOptions(Mode.ENABLED, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "yes", "on"})
  void commandsCanBeSwitchedOn(String word) {
    assertThat(read("mode: metadata\ncommands: " + word).options())
        .isEqualTo(new JobOptions(Mode.METADATA, true));
  }

  @Test
  void anUnknownKeyIsNamedAndIgnored() {
    OptInResult result = read("colour: {deep: [1, 2]}\nmode: metadata\n");
    assertThat(result.options().mode()).isEqualTo(Mode.METADATA);
    assertThat(result.notices()).containsExactly(".logoptin: unknown key `colour` was ignored.");
  }

  @Test
  void aKeyInCapitalsIsUnknownAndHintedAt() {
    OptInResult result = read("Mode: disabled");
    assertThat(result.options()).isEqualTo(JobOptions.DEFAULT);
    assertThat(result.notices())
        .containsExactly(".logoptin: unknown key `Mode` was ignored. Did you mean `mode`?");
  }

  @Test
  void unknownKeysAreCutCleanedAndCounted() {
    StringBuilder yaml = new StringBuilder("\"a\\e[31m\\n\\u202E`" + "x".repeat(100) + "\": 1\n");
    for (int i = 0; i < 20; i++) {
      yaml.append("key").append(i).append(": 1\n");
    }
    List<String> notices = read(yaml.toString()).notices();
    assertThat(notices).hasSize(OptInLimits.DEFAULT.namedKeys() + 1);
    assertThat(notices.getFirst()).contains("`a?[31m???xxx").contains("…`").hasSizeLessThan(100);
    assertThat(notices.getLast()).isEqualTo(".logoptin: 13 more unknown keys were ignored.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode: sometimes",
        "mode:",
        "mode: ~",
        "mode: 1",
        "mode: [enabled]",
        "mode: {enabled: true}",
        "mode: Enabled",
        "mode: \" enabled\"",
        "mode: enabled\nmode: enabled",
        "mode: enabled\n\"mode\": disabled",
        "x: 1\nx: 2",
        "enabled",
        "- mode: enabled",
        "~",
        "mode=enabled",
        "mode: enabled\n---\nmode: enabled",
        "mode: enabled: disabled",
        "mode: 'enabled",
        "\tmode: enabled",
        "mode: enabled\n\tcommands: true",
        "mode: !!str enabled",
        "mode: !x enabled",
        "x: !!javax.script.ScriptEngineManager [1]",
        "!!map {mode: enabled}",
        "x: &a [1]\ny: *a",
        "x: &a 1",
        "? [a]\n: 1",
        "? {a: 1}\n: 1",
        "[[[[",
        "mode: @enabled",
        "mode: `enabled`",
        "mode: enabled\u0007",
        "x: \"\\q\"",
      })
  void whatCannotBeUnderstoodPutsTheJobInDisabled(String yaml) {
    OptInResult result = read(yaml);
    assertThat(result.options()).isEqualTo(JobOptions.WHEN_IN_DOUBT);
    assertThat(result.notices().getLast())
        .startsWith(".logoptin cannot be understood")
        .hasSizeLessThan(250);
  }

  @Test
  void theNoticeSaysWhatIsWrongAndWhere() {
    assertThat(doubt("# hello\nmode: sometimes"))
        .endsWith(": `mode` must be enabled, metadata or disabled (line 2).");
    assertThat(doubt("mode: off"))
        .contains("which YAML reads as a truth value; write enabled, metadata or disabled");
    assertThat(doubt("mode: DISABLED")).contains("must be in lower case");
    assertThat(doubt("mode: enabled\n\tcommands: true")).contains("line 2").contains("tab");
    assertThat(doubt("mode: enabled\nmode: enabled")).contains("key `mode` stands there twice");
    assertThat(doubt("commands: 3")).contains("`commands` must be true or false (line 1)");
  }

  @Test
  void aNoticeNeverQuotesAValue() {
    for (String yaml :
        List.of(
            "mode: hunter2",
            "hunter2",
            "'hunter2",
            "mode: !hunter2 x",
            "x: *hunter2",
            "- hunter2: [",
            "commands: hunter2",
            "@hunter2",
            "%hunter2 x\n---\n")) {
      assertThat(read(yaml).notices().toString()).doesNotContain("hunter2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode: sometimes\ncommands: false",
        "commands: false\n[",
        "commands: \"false\"",
        "commands: 0",
        "commands:",
        "commands: [false]"
      })
  void commandsStayOffWhereTheFileSeemsToForbidThem(String yaml) {
    assertThat(read(yaml).options()).isEqualTo(new JobOptions(Mode.DISABLED, false));
  }

  @Test
  void invalidUtf8IsNotUnderstood() {
    byte[] latin1 = {'#', ' ', (byte) 0xe4, '\n'};
    assertThat(OptInFile.read(latin1).options()).isEqualTo(JobOptions.WHEN_IN_DOUBT);
    assertThat(OptInFile.read(latin1).notices().toString()).contains("UTF-8 (byte 2)");
    byte[] utf16 = "mode: enabled".getBytes(java.nio.charset.StandardCharsets.UTF_16);
    assertThat(OptInFile.read(utf16).options()).isEqualTo(JobOptions.WHEN_IN_DOUBT);
  }

  @Test
  void theLongestFileIsReadAndOneByteMoreIsNot() {
    byte[] longest = new byte[OptInLimits.DEFAULT.fileBytes()];
    Arrays.fill(longest, (byte) '#');
    assertThat(OptInFile.read(longest).options()).isEqualTo(JobOptions.DEFAULT);
    byte[] tooLong = Arrays.copyOf(longest, longest.length + 1);
    tooLong[longest.length] = '#';
    assertThat(OptInFile.read(tooLong).options()).isEqualTo(JobOptions.WHEN_IN_DOUBT);
    assertThat(OptInFile.read(tooLong).notices().toString()).contains("65536");
  }

  @Test
  void deepNestingAndBombsAreRefusedQuickly() {
    int depth = OptInLimits.DEFAULT.depth();
    assertThat(read("x: " + "[".repeat(depth) + "]".repeat(depth)).options())
        .isEqualTo(JobOptions.DEFAULT);
    assertThat(doubt("x: " + "[".repeat(depth + 1) + "]".repeat(depth + 1))).contains("nesting");
    assertThat(doubt("[".repeat(60_000))).contains("options expected");
    assertThat(doubt("x: " + "{a: ".repeat(15_000))).contains("nesting");
    assertThat(doubt("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]")).contains("anchors");
  }

  private static OptInResult read(String yaml) {
    return OptInFile.read(yaml.getBytes(UTF_8));
  }

  private static String doubt(String yaml) {
    OptInResult result = read(yaml);
    assertThat(result.options().mode()).isEqualTo(Mode.DISABLED);
    return result.notices().getLast();
  }
}
