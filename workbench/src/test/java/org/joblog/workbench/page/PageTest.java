package org.joblog.workbench.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of their jobs, in a browser. The jobs are those of {@link PageJobs}. */
class PageTest {

  private static Visit visit;
  private static Browser browser;
  private static Path downloads;

  @BeforeAll
  static void begin(@TempDir Path folder, @TempDir Path downloaded) throws Exception {
    downloads = downloaded;
    visit = Visit.begin(folder, downloaded);
    browser = visit.browser();
  }

  @BeforeEach
  void atTheJobs() {
    go("#/jobs");
    browser.sees("td a", "2001");
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

  private static void go(String fragment) {
    browser.evaluate("location.hash = " + Browser.quoted(fragment));
  }

  /** The texts of the log's lines, as they stand in the document. */
  private static String bodies() {
    return browser.evaluate(
        "[...document.querySelectorAll('.line .body')].map(e => e.textContent).join('\\n')");
  }

  @Test
  void aLinkLetsItsOwnerInAndIsGoneFromTheAddress() throws Exception {
    browser.open(visit.cluster().link("alice"));

    browser.sees("#who", "alice");
    assertThat(browser.evaluate("location.href")).doesNotContain("enter");
    assertThat(browser.evaluate("document.cookie")).as("what scripts see").isEmpty();
  }

  @Test
  void aLinkCanLeadOnToAView() throws Exception {
    browser.open(visit.cluster().link("alice") + "&to=/job/2002/metadata");

    browser.sees("[role=tab][aria-selected=true]", "Metadata");
    assertThat(browser.evaluate("location.hash")).isEqualTo("#/job/2002/metadata");
  }

  @Test
  void theListShowsOnesOwnJobsAndTheirStates() {
    browser.sees("tr[data-job='2001'] .badge", "running");
    browser.sees("tr[data-job='2005'] .badge", "failed");
    browser.sees("tr[data-job='2004'] .badge", "metadata");
    browser.seesNo("td a", "3001");
  }

  @Test
  void theListIsSearchedAndFiltered() {
    browser.type(".search input", "2002");
    browser.seesNo("td a", "2001");
    browser.sees("td a", "2002");

    browser.type(".search input", "");
    browser.click(".segments button:nth-child(4)");
    browser.seesNo("td a", "2002");
    browser.sees("td a", "2005");
    assertThat(browser.evaluate("location.hash")).isEqualTo("#/jobs?state=failed");
  }

  @Test
  void aNewJobAppearsWithoutBeingAskedFor() throws IOException {
    try (var late = visit.cluster().job("2100", "alice", "", Instant.now())) {
      late.print("first\n").flush();

      browser.sees("td a", "2100");
    }
  }

  @Test
  void aProgressBarIsCorrectedInPlace() throws IOException {
    go("#/job/2001");
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
    go("#/job/2001");
    browser.sees(".line .body", "hello from stdout");
    assertThat(bodies()).doesNotContain("slow disk");

    browser.click(".logtab .segments button:nth-child(2)");

    browser.sees(".line .body", "warning: slow disk");
    assertThat(bodies()).doesNotContain("hello");
    assertThat(browser.evaluate("location.hash")).contains("stream=stderr");
  }

  @Test
  void coloursAreShownAndRepetitionsToldApart() {
    go("#/job/2001");
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
    go("#/job/2005");
    browser.sees(".line .body", "line number 2499");

    browser.type(".logtab .search input", "NUMBER 17");

    browser.until("document.querySelectorAll('.line').length === 111");
    assertThat(browser.evaluate("CSS.highlights.get('found').size")).isEqualTo("111");
    browser.type(".logtab .search input", "nowhere");
    browser.sees(".log .quiet", "No line contains this.");
  }

  @Test
  void olderLinesComeAboveWhileTheReaderKeepsTheirPlace() {
    go("#/job/2005");
    browser.sees(".line .body", "line number 2499");
    assertThat(browser.until("document.querySelectorAll('.line').length")).isEqualTo("1000");
    String first = browser.evaluate("document.querySelector('.line .body').textContent");

    browser.evaluate("document.querySelector('.log').scrollTop = 0");

    browser.until("document.querySelectorAll('.line').length > 1900");
    String top =
        browser.evaluate(
            "(() => { const log = document.querySelector('.log').getBoundingClientRect();"
                + " return [...document.querySelectorAll('.line')].find(e => e.getBoundingClientRect().bottom > log.top + 40)"
                + ".querySelector('.body').textContent; })()");
    assertThat(number(top)).isBetween(number(first) - 3, number(first) + 3);
    browser.click(".jump");
    browser.until("document.querySelector('.jump').hidden");
    browser.sees(".line .body", "line number 2499");
  }

  private static int number(String line) {
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Test
  void whatIsPrintedToHurtThePageIsText() {
    go("#/job/2003");
    browser.sees(".line .body", PageJobs.MARKUP);

    assertThat(bodies())
        .contains(PageJobs.END_OF_SCRIPT, PageJobs.RIGHT_TO_LEFT, PageJobs.LONG_LINE, "still text");
    assertThat(browser.evaluate("document.title")).startsWith("2003");
    assertThat(browser.evaluate("document.querySelectorAll('main img, main script').length"))
        .isEqualTo("0");
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .as("no line makes the page wider than the window")
        .isEqualTo("true");

    go("#/job/2003/metadata");
    browser.sees(".records th", PageJobs.MARKUP);
    browser.sees(".records td", PageJobs.END_OF_SCRIPT);
    browser.sees(".records th", "__proto__");
    go("#/job/2003/graphs?key=(all)&by=time");
    browser.sees(".keys th", PageJobs.MARKUP);
    assertThat(browser.evaluate("document.querySelectorAll('main img, main script').length"))
        .isEqualTo("0");
  }

  @Test
  void aHiddenJobSaysWhyThereIsNoText() {
    go("#/job/2004");

    browser.sees(".jobhead .why", "there is no text to show");
    browser.sees(".log .quiet", "there is no text to show");
  }

  @Test
  void messagesOfTheLoggerAreShown() {
    go("#/job/2003");

    browser.sees(".notices summary", "unknown key `colour` was ignored");
    browser.sees(".kind-event .body", "unknown key `colour` was ignored");
  }

  @Test
  void metadataIsATableWithTheNewestFirstAndNumbersAsTheyWerePrinted() {
    go("#/job/2003/metadata");

    browser.sees(".records td", "789773523480.1762");
    browser.sees(".records td", "9007199254740993");
    browser.sees(".records td", "{\"b\":[1.0,2]}");
    browser.sees(".records td", "NaN");
    go("#/job/2002/metadata");
    browser.sees(".records th", "epoch");
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('.records th')].map(e => e.innerText).join()"))
        .isEqualTo("Time,epoch,step,loss,lr,val");
    assertThat(
            browser.evaluate("document.querySelector('.records tbody td:nth-child(3)').innerText"))
        .isEqualTo("119");
    browser.click("::-p-text(Older →)");
    browser.until("document.querySelector('.records tbody td:nth-child(3)').innerText === '19'");
  }

  @Test
  void metadataIsDownloaded() {
    go("#/job/2003/metadata");
    browser.sees(".records td", "NaN");

    browser.click("a[download]");
    browser.click("::-p-text(CSV)");

    assertThat(downloaded("joblog-2003.ndjson")).contains("789773523480.1762", "onerror");
    assertThat(downloaded("joblog-2003.csv"))
        .contains("789773523480.1762", "\"{\"\"b\"\":[1.0,2]}\"", "NaN");
  }

  private static String downloaded(String name) {
    Path file = downloads.resolve(name);
    Awaitility.await().until(() -> Files.exists(file));
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachNumberHasAGraph() {
    go("#/job/2002/graphs");

    browser.until("document.querySelectorAll('.chart canvas').length === 3");
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('.chart figcaption bdi')].map(e => e.innerText).join()"))
        .isEqualTo("loss,lr,val.acc");
    browser.until("[...document.querySelectorAll('.chart canvas')].every(" + IS_DRAWN + ")");
    browser.sees(".keys td", "increasing integers");

    browser.click("::-p-text(By time)");
    browser.until("location.hash.includes('by=time')");
    browser.click(".graphs .tick input");
    browser.until("location.hash.includes('log=1')");
    browser.until("[...document.querySelectorAll('.chart canvas')].every(" + IS_DRAWN + ")");
  }

  /** Whether a canvas has points in a colour, which axes have not. */
  private static final String IS_DRAWN =
      "c => { const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
          + " for (let i = 0; i < p.length; i += 4) if (p[i + 3] > 200 && Math.max(p[i], p[i + 1], p[i + 2])"
          + " - Math.min(p[i], p[i + 1], p[i + 2]) > 60) return true; return false; }";

  private static String pressed() {
    return browser.evaluate(
        "[...document.querySelectorAll('.legend button')].map(e => e.innerText.trim() + ':' + e.ariaPressed).join()");
  }

  @Test
  void aClickOnTheLegendShowsOneLineAndControlClickTogglesOne() {
    go("#/job/2002/graphs?layout=joint");
    browser.until("document.querySelectorAll('.legend button').length === 3");
    browser.until("[...document.querySelectorAll('.chart canvas')].every(" + IS_DRAWN + ")");

    browser.click(".legend li:nth-child(2) button");
    assertThat(pressed()).isEqualTo("loss:false,lr:true,val.acc:false");
    browser.controlClick(".legend li:nth-child(1) button");
    assertThat(pressed()).isEqualTo("loss:true,lr:true,val.acc:false");
    browser.controlClick(".legend li:nth-child(2) button");
    assertThat(pressed()).isEqualTo("loss:true,lr:false,val.acc:false");
    browser.click(".legend li:nth-child(1) button");
    assertThat(pressed()).isEqualTo("loss:true,lr:true,val.acc:true");

    browser.hover(".u-over");
    browser.sees(".values", "val.acc");
  }

  @Test
  void graphsOfARunningJobGoOn() throws IOException {
    go("#/job/2001/graphs");
    browser.until("document.querySelectorAll('.chart canvas').length >= 3");

    visit.running().later(1000).print("{\"epoch\":99,\"brand new\":5}\n").flush();

    browser.sees(".chart figcaption", "brand new");
  }

  @Test
  void jobsAreComparedByAnAddressThatCanBeShared() {
    browser.click("tr[data-job='2001'] input");
    browser.click("tr[data-job='2002'] input");
    browser.click("::-p-text(Compare 2 jobs)");

    browser.until("document.querySelectorAll('.legend button').length === 2");
    browser.until("[...document.querySelectorAll('.chart canvas')].every(" + IS_DRAWN + ")");
    browser.until("location.hash.includes('key=loss')");
    String address = browser.evaluate("location.href");

    go("#/jobs");
    browser.sees("td a", "2001");
    browser.open(address);
    browser.sees(".legend button", "2002 train");
  }

  @Test
  void aJobOfSomebodyElseIsNotThere() {
    go("#/job/3001");

    browser.sees(".message h1", "There is no such job, or it is not yours.");
    assertThat(browser.complaints()).contains("404").doesNotContain("secret");
  }

  @Test
  void aNarrowScreenShowsAllViews() {
    browser.size(360, 700);
    for (String view :
        new String[] {"#/jobs", "#/job/2003", "#/job/2003/metadata", "#/job/2002/graphs"}) {
      go(view);
      browser.until("document.querySelector('table, .line, .chart canvas')");
      assertThat(browser.evaluate("document.documentElement.scrollWidth"))
          .as(view)
          .isEqualTo("360");
    }
    browser.size(1200, 800);
  }

  @Test
  void theKeyboardReachesTabs() {
    go("#/job/2002");
    browser.sees("[role=tab][aria-selected=true]", "Log");

    browser.evaluate("document.querySelector('[role=tab][aria-selected=true]').focus()");
    browser.press("ArrowRight");

    browser.sees("[role=tab][aria-selected=true]", "Metadata");
    assertThat(browser.evaluate("document.activeElement.textContent")).isEqualTo("Metadata");
  }
}
