package org.joblog.workbench.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people see of the output of their jobs, in a browser. The jobs are those of {@link
 * PageJobs}.
 */
class LogPageTest {

  private static Visit visit;
  private static Browser browser;

  @BeforeAll
  static void begin(@TempDir Path folder, @TempDir Path downloaded) throws Exception {
    visit = Visit.begin(folder, downloaded);
    browser = visit.browser();
  }

  @AfterEach
  void nothingWasComplainedOf() {
    assertThat(browser.complaints()).isEmpty();
  }

  @AfterAll
  static void end() throws IOException {
    if (visit != null) { // null where there is no browser
      visit.close();
    }
  }

  /** The texts of the log's lines, as they stand in the document. */
  private static String bodies() {
    return browser.evaluate(
        "[...document.querySelectorAll('.line .body')].map(e => e.textContent).join('\\n')");
  }

  @Test
  void aProgressBarIsCorrectedInPlace() throws IOException {
    browser.go("#/job/2001");
    visit.running().later(100).print("\nstep 10%").flush();
    browser.sees(".line .body", "step 10%");
    String line =
        "[...document.querySelectorAll('.line')].find(e => e.textContent.includes('step'))";
    browser.evaluate("window.barLine = " + line + "; true");

    visit.running().later(100).print("\rstep 20%").flush();

    browser.sees(".line .body", "step 20%");
    assertThat(bodies()).doesNotContain("step 10%");
    assertThat(browser.evaluate("window.barLine === " + line)).isEqualTo("true");
    visit.running().print("\n").flush();
  }

  @Test
  void stderrIsOneClickAway() {
    browser.go("#/job/2001");
    browser.sees(".line .body", "hello from stdout");
    assertThat(bodies()).doesNotContain("slow disk");

    browser.click(".logtab .segments button:nth-child(2)");

    browser.sees(".line .body", "warning: slow disk");
    assertThat(bodies()).doesNotContain("hello");
    browser.until("location.hash.includes('stream=stderr')");
  }

  @Test
  void coloursAreShownAndRepetitionsToldApart() {
    browser.go("#/job/2001");
    browser.sees(".line .body .fg-1.sgr-bold", "red");
    assertThat(
            browser.evaluate(
                "getComputedStyle(document.querySelector('.bg-4') ??"
                    + " [...document.querySelectorAll('.body span')].find(e => e.textContent === 'blue ground')).backgroundColor"))
        .isNotEqualTo("rgba(0, 0, 0, 0)");
    browser.sees(".kind-repeat .body", "previous line repeated 3 more times");
  }

  @Test
  void theLogIsSearched() {
    browser.go("#/job/2005");
    browser.sees(".line .body", "line number 2499");

    browser.type(".logtab .search input", "NUMBER 17");

    browser.until("document.querySelectorAll('.line').length === 111");
    browser.untilIs("CSS.highlights.get('found')?.size", "111");
    browser.type(".logtab .search input", "nowhere");
    browser.sees(".log .quiet", "No line contains this.");
  }

  @Test
  void olderLinesComeAboveWhileTheReaderKeepsTheirPlace() {
    browser.go("#/job/2005");
    browser.sees(".line .body", "line number 2499");
    browser.untilIs("document.querySelectorAll('.line').length", "1000");
    String first = browser.evaluate("document.querySelector('.line .body').textContent");

    browser.evaluate("document.querySelector('.log').scrollTop = 0");

    browser.until("document.querySelectorAll('.line').length > 1900");
    browser.until(
        "(() => { const log = document.querySelector('.log').getBoundingClientRect();"
            + " const top = [...document.querySelectorAll('.line')].find(e => e.getBoundingClientRect().bottom > log.top + 40);"
            + " return Math.abs(Number(top.querySelector('.body').textContent.split(' ').pop()) - "
            + number(first)
            + ") <= 3; })()");
    browser.click(".jump");
    browser.until("document.querySelector('.jump').hidden");
    browser.sees(".line .body", "line number 2499");
  }

  private static int number(String line) {
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Test
  void whatIsPrintedToHurtThePageIsText() {
    browser.go("#/job/2003");
    browser.sees(".line .body", PageJobs.MARKUP);

    assertThat(bodies())
        .contains(PageJobs.END_OF_SCRIPT, PageJobs.RIGHT_TO_LEFT, PageJobs.LONG_LINE, "still text");
    assertThat(browser.evaluate("document.title")).startsWith("2003");
    assertThat(browser.evaluate("document.querySelectorAll('main img, main script').length"))
        .isEqualTo("0");
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .as("no line makes the page wider than the window")
        .isEqualTo("true");

    browser.go("#/job/2003/metadata");
    browser.sees(".records th", PageJobs.MARKUP);
    browser.sees(".records td", PageJobs.END_OF_SCRIPT);
    browser.sees(".records th", "__proto__");
    browser.go("#/job/2003/graphs?key=(all)&by=time");
    browser.sees(".keys th", PageJobs.MARKUP);
    assertThat(browser.evaluate("document.querySelectorAll('main img, main script').length"))
        .isEqualTo("0");
  }

  @Test
  void aHiddenJobSaysWhyThereIsNoText() {
    browser.go("#/job/2004");

    browser.sees(".jobhead .why", "there is no text to show");
    browser.sees(".log .quiet", "there is no text to show");
  }

  @Test
  void messagesOfTheLoggerAreShown() {
    browser.go("#/job/2003");

    browser.sees(".notices summary", "unknown key `colour` was ignored");
    browser.sees(".kind-event .body", "unknown key `colour` was ignored");
  }
}
