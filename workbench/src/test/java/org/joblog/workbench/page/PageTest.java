package org.joblog.workbench.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    browser.go("#/jobs");
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
    browser.untilIs("location.hash", "#/job/2002/metadata");
  }

  @Test
  void theListShowsOnesOwnJobsAndTheirStates() {
    browser.sees("tr[data-job='2001'] .badge", "running");
    browser.sees("tr[data-job='2005'] .badge", "failed");
    browser.sees("tr[data-job='2004'] .badge", "metadata");
    browser.seesNo("td a", "3001");
  }

  @Test
  void whoHasNoJobsIsToldHowToGetThemAndOperatorsSeeAll() throws Exception {
    browser.open(visit.cluster().link("erin"));
    browser.sees("pre", "touch ~/.logoptin");

    browser.open(visit.cluster().link("olga"));
    browser.sees("#who", "operator");
    browser.sees("td a", "3001");
    browser.type("label:nth-of-type(2) input", "bob");
    browser.seesNo("td a", "2001");
    browser.sees("td a", "3001");

    browser.open(visit.cluster().link("alice"));
    browser.sees("td a", "2001");
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
    browser.untilIs("location.hash", "#/jobs?state=failed");
  }

  @Test
  void aNewJobAppearsWithoutBeingAskedFor() throws IOException {
    try (var late = visit.cluster().job("2100", "alice", "", Instant.now())) {
      late.print("first\n").flush();

      browser.sees("td a", "2100");
    }
  }

  @Test
  void metadataIsATableWithTheNewestFirstAndNumbersAsTheyWerePrinted() {
    browser.go("#/job/2003/metadata");

    browser.sees(".records td", "789773523480.1762");
    browser.sees(".records td", "9007199254740993");
    browser.sees(".records td", "{\"b\":[1.0,2]}");
    browser.sees(".records td", "NaN");
    browser.go("#/job/2002/metadata");
    browser.sees(".records th", "epoch");
    browser.untilIs(
        "[...document.querySelectorAll('.records th')].map(e => e.innerText).join()",
        "Time,epoch,step,loss,lr,val");
    browser.untilIs("document.querySelector('.records tbody td:nth-child(3)').innerText", "119");
    browser.click("::-p-text(Older →)");
    browser.untilIs("document.querySelector('.records tbody td:nth-child(3)').innerText", "19");
  }

  @Test
  void metadataIsDownloaded() {
    browser.go("#/job/2003/metadata");
    browser.sees(".records td", "NaN");

    browser.click("a[download]");
    browser.click("::-p-text(CSV)");

    assertThat(downloaded("joblog-2003.ndjson")).contains("789773523480.1762", "onerror");
    assertThat(downloaded("joblog-2003.csv"))
        .contains("789773523480.1762", "\"{\"\"b\"\":[1.0,2]}\"", "NaN");
  }

  private static String downloaded(String name) {
    Path file = downloads.resolve(name);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(file));
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachNumberHasAGraph() {
    browser.go("#/job/2002/graphs");

    browser.until("document.querySelectorAll('.chart canvas').length === 3");
    browser.untilIs(
        "[...document.querySelectorAll('.chart figcaption bdi')].map(e => e.innerText).join()",
        "loss,lr,val.acc");
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

  /** Which entries of the legend are on. */
  private static final String PRESSED =
      "[...document.querySelectorAll('.legend button')].map(e => e.innerText.trim() + ':' + e.ariaPressed).join()";

  @Test
  void aClickOnTheLegendShowsOneLineAndControlClickTogglesOne() {
    browser.go("#/job/2002/graphs?layout=joint");
    browser.until("document.querySelectorAll('.legend button').length === 3");
    browser.until("[...document.querySelectorAll('.chart canvas')].every(" + IS_DRAWN + ")");

    browser.click(".legend li:nth-child(2) button");
    browser.untilIs(PRESSED, "loss:false,lr:true,val.acc:false");
    browser.controlClick(".legend li:nth-child(1) button");
    browser.untilIs(PRESSED, "loss:true,lr:true,val.acc:false");
    browser.controlClick(".legend li:nth-child(2) button");
    browser.untilIs(PRESSED, "loss:true,lr:false,val.acc:false");
    browser.click(".legend li:nth-child(1) button");
    browser.untilIs(PRESSED, "loss:true,lr:true,val.acc:true");

    browser.hover(".u-over");
    browser.sees(".values", "val.acc");
  }

  @Test
  void graphsOfARunningJobGoOn() throws IOException {
    browser.go("#/job/2001/graphs");
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

    browser.go("#/jobs");
    browser.sees("td a", "2001");
    browser.open(address);
    browser.sees(".legend button", "2002 train");
    browser.sees(".chart figcaption", "loss by epoch");
  }

  @Test
  void aJobOfSomebodyElseIsNotThere() {
    browser.go("#/job/3001");

    browser.sees(".message h1", "There is no such job, or it is not yours.");
    assertThat(browser.complaints()).contains("404").doesNotContain("secret");
  }

  @Test
  void aNarrowScreenShowsAllViews() {
    browser.size(360, 700);
    for (String view :
        new String[] {"#/jobs", "#/job/2003", "#/job/2003/metadata", "#/job/2002/graphs"}) {
      browser.go(view);
      browser.until("document.querySelector('table, .line, .chart canvas')");
      browser.untilIs("document.documentElement.scrollWidth", "360");
    }
    browser.size(1200, 800);
  }

  @Test
  void theKeyboardReachesTabs() {
    browser.go("#/job/2002");
    browser.sees("[role=tab][aria-selected=true]", "Log");

    browser.evaluate("document.querySelector('[role=tab][aria-selected=true]').focus()");
    browser.press("ArrowRight");

    browser.sees("[role=tab][aria-selected=true]", "Metadata");
    browser.untilIs("document.activeElement.textContent", "Metadata");
  }
}
