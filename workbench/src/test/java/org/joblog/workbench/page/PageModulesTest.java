package org.joblog.workbench.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single modules of the page, asked in the browser. */
class PageModulesTest {

  private static ViewingCluster cluster;
  private static Browser browser;

  @BeforeAll
  static void begin(@TempDir Path folder, @TempDir Path downloads) throws Exception {
    browser = Browser.start(downloads);
    cluster = new ViewingCluster(folder);
    browser.open(cluster.url(""));
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) { // null where there is no browser
      cluster.close();
      browser.close();
    }
  }

  /** What an expression of a module's exports is, as JSON. */
  private static String ask(String module, String expression) {
    return browser.evaluate(
        "import('/page/%s.js').then(m => JSON.stringify(%s))".formatted(module, expression));
  }

  /** The markup that shows a line. */
  private static String coloured(String body) {
    return browser.evaluate(
        """
        import('/page/ansi.js').then(m => {
          const line = document.createElement('div');
          line.append(...m.coloured(%s));
          return line.innerHTML;
        })
        """
            .formatted(Browser.quoted(body)));
  }

  @Test
  void coloursOfTheThemeAreClasses() {
    assertThat(coloured("a\033[1;31mb\033[22mc\033[39;102md\033[me"))
        .isEqualTo(
            "a<span class=\"sgr-bold fg-1\">b</span><span class=\"fg-1\">c</span>"
                + "<span class=\"bg-10\">d</span>e");
  }

  @Test
  void otherColoursAreAsTheJobChoseThem() {
    assertThat(coloured("\033[38;5;208ma\033[38;2;1;2;3mb\033[0;48:2::4:5:6mc\033[0;38;5;9md"))
        .isEqualTo(
            "<span class=\"\" style=\"color: rgb(255, 135, 0);\">a</span>"
                + "<span class=\"\" style=\"color: rgb(1, 2, 3);\">b</span>"
                + "<span class=\"\" style=\"background-color: rgb(4, 5, 6);\">c</span>"
                + "<span class=\"fg-9\">d</span>");
  }

  @Test
  void nonsenseInSequencesColoursNothingAndLosesNoText() {
    assertThat(coloured("\033[38;5;999ma\033[38;2;1mb\033[38mc\033[;;md\033[2Je\007f\033g"))
        .isEqualTo("abcdefg");
  }

  @Test
  void invertedColoursChangePlaces() {
    assertThat(coloured("\033[7;31;42mx"))
        .isEqualTo("<span class=\"sgr-inverse fg-2 bg-1\">x</span>");
  }

  @Test
  void numbersAreShortAndSaySomething() {
    assertThat(
            ask(
                "format",
                "[0, 1234567, 0.1 + 0.2, 7.2355865, 1e-7, -2.5e12, 12345.678].map(m.number)"))
        .isEqualTo("[\"0\",\"1,234,567\",\"0.3\",\"7.23559\",\"1e-7\",\"-2.5e12\",\"12345.7\"]");
  }

  @Test
  void spellingOfNumbersIsKept() {
    String record = "{\"a\":[1.0,1e400,12345678901234567890],\"b\":{\"c\":0.10}}";
    assertThat(
            browser.evaluate(
                "Promise.all([import('/page/server.js'), import('/page/format.js')]).then(([s, f]) =>"
                    + " f.json(s.rows(%s + '\\n', s.spelledNumber)[0]))"
                        .formatted(Browser.quoted(record))))
        .isEqualTo(record);
  }

  @Test
  void aSpreadsheetRunsNoTextOfAJob() {
    assertThat(
            ask(
                "download",
                "m.csvOf([{time: 't2', record: {b: 'x,\"y\"', a: -1}},"
                    + " {time: 't1', record: {a: '=1+1', c: '-Infinity', d: '@x'}}])"))
        .isEqualTo(
            "\"time,a,c,d,b\\r\\nt1,'=1+1,-Infinity,'@x,\\r\\nt2,-1,,,\\\"x,\\\"\\\"y\\\"\\\"\\\"\\r\\n\"");
  }

  @Test
  void whatIsNoNumberIsAHoleThatHidesNoNumber() {
    assertThat(
            ask(
                "holes",
                "m.holesIn([{time: 't1', record: {e: 1, v: {a: 'NaN'}}}, {time: 't2', record: {e: 2, v: {a: 3}, 'v.a': 'Infinity'}},"
                    + " {time: 't3', record: {'v.a': 'NaN'}}], ['v.a'], 'e')"))
        .isEqualTo(
            "[{\"x\":1,\"key\":\"v.a\",\"value\":null},{\"x\":2,\"key\":\"v.a\",\"value\":null}]");
    assertThat(
            ask(
                "series",
                "m.columnsOf([{x: 2, key: 'a', value: 5}, {x: 1, key: 'b', value: -1},"
                    + " {x: 2, key: 'a', value: null}, {x: 3, key: 'a', value: null}], true).columns"))
        .isEqualTo("[[1,2,3],[null,5,null],[null,null,null]]");
  }

  @Test
  void allModulesAreFetchedAtOnce() {
    assertThat(
            browser.evaluate(
                """
                (() => {
                  const names = links => links.map(url => new URL(url).pathname).sort().join();
                  const loaded = performance.getEntriesByType('resource').map(entry => entry.name)
                      .filter(name => name.endsWith('.js') && !/main|uPlot/.test(name));
                  const preloaded = [...document.querySelectorAll('link[rel=modulepreload]')].map(link => link.href);
                  return names([...new Set(loaded)]) === names(preloaded) && loaded.length > 20;
                })()
                """))
        .isEqualTo("true");
  }

  @Test
  void timesOfOneMillisecondAreTwoPoints() {
    assertThat(
            ask(
                "series",
                "m.seconds('2026-01-01T00:00:00.000002+00:00') - m.seconds('2026-01-01T01:00:00.000001+01:00') > 0"))
        .isEqualTo("true");
  }
}
