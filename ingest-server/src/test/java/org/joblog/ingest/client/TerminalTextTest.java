package org.joblog.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u001b[2Jb", // erases the screen
        "a\u001b[10;10Hb", // moves the cursor
        "a\u001b]0;title\u0007b", // sets the title
        "a\u001b]52;c;c2VjcmV0\u001b\\b", // writes the clipboard
        "a\u001bP+q544e\u001b\\b", // asks the terminal
        "a\u001bcb", // resets it
        "a\u001b(0b", // changes its alphabet
        "a\u001b[?1049hb", // changes its screen
      })
  void sequencesThatDoSomethingAreGone(String text) {
    assertThat(TerminalText.plain(text)).isEqualTo("ab");
    assertThat(TerminalText.coloured(text)).isEqualTo("ab");
  }

  @Test
  void coloursAreKeptWhereTheyAreWantedAndEndWithTheLine() {
    String red = "\u001b[1;31mred\u001b[38:2::1:2:3mother";

    assertThat(TerminalText.plain(red)).isEqualTo("redother");
    assertThat(TerminalText.coloured(red)).isEqualTo(red + "\u001b[0m");
    assertThat(TerminalText.coloured("plain")).isEqualTo("plain");
  }

  @Test
  void otherControlCharactersAreShownAsReplaced() {
    String hostile = "a\bb\rc\nd\u0007e\u009b2Jf\u202eg\u2066h\u0000i";

    assertThat(TerminalText.plain(hostile)).isEqualTo("a�b�c�d�e�2Jf�g�h�i");
    assertThat(TerminalText.coloured(hostile)).isEqualTo(TerminalText.plain(hostile));
    assertThat(TerminalText.plain("tab\tgrüße 漢字 😀")).isEqualTo("tab\tgrüße 漢字 😀");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u001b",
        "a\u001b[",
        "a\u001b[31",
        "a\u001b]0;never ends",
        "\u001b\u001b[\u001b"
      })
  void whatIsCutOffInTheMidstOfASequenceReachesNoTerminal(String text) {
    assertThat(TerminalText.plain(text)).doesNotContain("\u001b");
    assertThat(TerminalText.coloured(text)).doesNotContain("\u001b");
  }

  @Test
  void whatRemainsAfterASequenceIsTakenOutIsNoSequenceItself() {
    String nested = "\u001b\u001b[2J[2Jx\u001b[\u001b[31m2Jy";

    assertThat(TerminalText.plain(nested)).doesNotContain("\u001b");
    assertThat(TerminalText.coloured(nested).replaceAll("\u001b\\[[0-9;:]*m", ""))
        .doesNotContain("\u001b");
  }
}
