package org.joblog.workbench.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser shows when the server goes away, and when a session is over. */
class ComingAndGoingTest {

  @Test
  void thePageOutlivesItsServerAndSaysSo(@TempDir Path folder, @TempDir Path downloads)
      throws Exception {
    try (ViewingCluster cluster = new ViewingCluster(folder);
        Browser browser = Browser.start(downloads);
        var job = cluster.job("4001", "alice", "", Instant.now())) {
      job.print("before\n").flush();
      browser.open(cluster.url(""));
      browser.sees(".message", "You are not logged in.");
      browser.sees(".message", "joblog page");

      String link = cluster.link("alice");
      browser.open(link);
      browser.sees("td a", "4001");
      browser.click("tbody a");
      browser.sees(".line .body", "before");

      cluster.cable().pull();
      browser.sees("#banner", "The server cannot be reached");
      browser.sees(".line .body", "before");
      job.print("meanwhile\n").flush();
      cluster.cable().plugIn();
      // The page tries again by itself, too, and may have been quicker than this.
      browser.evaluate("document.querySelector('#banner button')?.click()");
      browser.sees(".line .body", "meanwhile");
      browser.until("document.getElementById('banner').hidden");

      cluster.restart();
      browser.sees(".message", "Your session is over.");
      assertThat(browser.evaluate("document.body.innerText")).doesNotContain("meanwhile");

      browser.open(link);
      browser.sees(".message", "This link has been used already");
      browser.open(cluster.link("alice"));
      browser.sees("td a", "4001");
      browser.click("#leave");
      browser.sees(".message", "You are logged out.");
      browser.reload();
      browser.sees(".message", "You are not logged in.");
    }
  }
}
