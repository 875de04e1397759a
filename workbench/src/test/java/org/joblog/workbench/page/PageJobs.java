package org.joblog.workbench.page;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.joblog.schema.log.StreamKind;
import org.joblog.workbench.grafana.JobOutput;

/**
 * Jobs as the tests of the page want them: 2001 alice trains, and still runs; 2002 alice trained;
 * 2003 alice printed what is to hurt a page; 2004 alice keeps metadata only; 2005 alice failed
 * after many lines; 3001 is bob's. Confined to one thread.
 */
final class PageJobs implements AutoCloseable {

  static final String MARKUP = "<img src=x onerror=alert(1)>";
  static final String END_OF_SCRIPT = "</script><script>alert(2)</script>";
  static final String RIGHT_TO_LEFT = "abc \u202egnp.exe שלום עולם";
  static final String LONG_LINE = "x".repeat(20_000);

  /** Lines of job 2005. */
  static final int MANY_LINES = 2_500;

  private final JobOutput alice;

  PageJobs(ViewingCluster cluster, Instant start) throws IOException {
    try (JobOutput trained = cluster.job("2002", "alice", "", start.minusSeconds(600))) {
      train(trained, 30, 2);
      trained.end(0);
    }
    try (JobOutput hostile =
        cluster.job("2003", "alice", "colour: blue\n", start.minusSeconds(500))) {
      hostile(hostile);
      hostile.end(0);
    }
    try (JobOutput hidden =
        cluster.job("2004", "alice", "mode: metadata\n", start.minusSeconds(400))) {
      hidden.print("never kept\n{\"n\":1}\n{\"n\":2}\n").later(1000).end(0);
    }
    try (JobOutput failed = cluster.job("2005", "alice", "", start.minusSeconds(300))) {
      for (int i = 0; i < MANY_LINES; i++) {
        failed.print("line number " + i + "\n").later(10);
      }
      failed.print(StreamKind.STDERR, "Killed by a missing file\n").flush().end(3);
    }
    try (JobOutput bob = cluster.job("3001", "bob", "", start.minusSeconds(200))) {
      bob.print("bob's secret\n").later(1000).end(0);
    }
    alice = cluster.job("2001", "alice", "", start);
    alice.print(
        "hello from stdout\n\033[1;31mred\033[0m and \033[38;5;208morange\033[0m and \033[48;2;0;60;120;97mblue ground\033[0m\n");
    alice.print(StreamKind.STDERR, "warning: slow disk\n");
    alice.print("again\nagain\nagain\nagain\n");
    train(alice, 20, 1);
    alice.flush();
  }

  /** The job that still runs. */
  JobOutput running() {
    return alice;
  }

  private static void hostile(JobOutput job) throws IOException {
    job.print(MARKUP + "\n" + END_OF_SCRIPT + "\n" + RIGHT_TO_LEFT + "\n" + LONG_LINE + "\n");
    job.print("\033]0;title\007\033[31;999;38;5mstill text\033[0m\n");
    job.print(
        "{\""
            + MARKUP
            + "\":1,\"__proto__\":2,\"text\":\""
            + END_OF_SCRIPT.replace("/", "\\/")
            + "\"}\n");
    job.print(
        "{\"exact\":789773523480.1762,\"large\":9007199254740993,\"nested\":{\"b\":[1.0,2]},\"bad\":NaN}\n");
    job.later(1000);
  }

  /** Epochs of four steps each; the loss falls, and is NaN once. */
  private static void train(JobOutput job, int epochs, double scale) throws IOException {
    for (int step = 0; step < 4 * epochs; step++) {
      double noise = Math.sin(step * 12.9898) * 0.15;
      String loss =
          step == 41 ? "NaN" : Double.toString(scale * Math.exp(-step / 25.0) + 0.2 + noise * 0.4);
      job.print(
              String.format(
                  Locale.ROOT,
                  "{\"epoch\":%d,\"step\":%d,\"loss\":%s,\"lr\":%s,\"val\":{\"acc\":%s}}%n",
                  step / 4,
                  step,
                  loss,
                  0.1 / (1 + step),
                  1 - Math.exp(-step / 30.0) + noise / 10))
          .later(900);
    }
  }

  @Override
  public void close() throws IOException {
    alice.close();
  }
}
