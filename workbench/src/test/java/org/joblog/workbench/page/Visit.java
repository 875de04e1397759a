package org.joblog.workbench.page;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.joblog.workbench.grafana.JobOutput;

/** A browser in front of a server with the jobs of {@link PageJobs}. Confined to one thread. */
final class Visit implements AutoCloseable {

  private final Browser browser;
  private final ViewingCluster cluster;
  private final PageJobs jobs;

  private Visit(Browser browser, ViewingCluster cluster, PageJobs jobs) {
    this.browser = browser;
    this.cluster = cluster;
    this.jobs = jobs;
  }

  /**
   * Starts all, and lets alice in.
   *
   * @param folder for files of the server
   * @param downloads where the browser puts what it downloads
   */
  static Visit begin(Path folder, Path downloads) throws Exception {
    Browser browser = Browser.start(downloads);
    ViewingCluster cluster = new ViewingCluster(folder);
    Visit visit =
        new Visit(browser, cluster, new PageJobs(cluster, Instant.now().minusSeconds(120)));
    browser.open(cluster.link("alice"));
    return visit;
  }

  Browser browser() {
    return browser;
  }

  ViewingCluster cluster() {
    return cluster;
  }

  /** The job that still runs. */
  JobOutput running() {
    return jobs.running();
  }

  @Override
  public void close() throws IOException {
    try (cluster;
        jobs;
        browser) {
      return;
    }
  }
}
