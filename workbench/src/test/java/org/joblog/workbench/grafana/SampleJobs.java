package org.joblog.workbench.grafana;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.joblog.schema.log.StreamKind;

/**
 * Four jobs as the tests of the dashboards want them: 1001 alice trains, and still runs; 1002 bob
 * trained; 1003 carol wrote an unknown mode and failed; 1004 dora keeps metadata only. Confined to
 * one thread.
 */
final class SampleJobs implements AutoCloseable {

  private final TestCluster cluster;
  private final JobOutput alice;
  private final JobOutput dora;

  private SampleJobs(TestCluster cluster, Instant start) throws IOException {
    this.cluster = cluster;
    alice = job("1001", "alice", "", start);
    alice();
    try (JobOutput bob = job("1002", "bob", "", start.plusSeconds(60))) {
      bob.print("{\"a (raw)\":1,\"a\":1,\"$t(s)\":1}\n{\"a (raw)\":5,\"a\":9,\"$t(s)\":2}\n");
      train(bob, 2);
      bob.lose(100).print("\n").later(1000);
      bob.print("/LOGCOMMAND {\"mode\":\"enabled\"}\n");
      bob.print("{\"huge\":1e308}\n{\"huge\":-1.7e308}\n{\"huge\":1.5e308}\n").later(1000).end(0);
    }
    try (JobOutput carol = job("1003", "carol", "mode: banana\n", start.plusSeconds(120))) {
      carol.print("never kept\n").later(1000).end(3);
    }
    dora = job("1004", "dora", "mode: metadata\n", start.plusSeconds(180));
    dora.print("never kept\n{\"n\":1}\n{\"huge\":-1.7e308}\n");
    dora.print("{\"w\":[0,1,2,3,4,5,6,7,8,9,10,11,12],\"b\":[0,1,2,3,4,5,6,7,8,9,10,11,12]}\n");
    dora.print("{\"n\":0.5}\n{\"n\":2}\n").flush();
  }

  static SampleJobs run(Instant start) throws Exception {
    return new SampleJobs(new TestCluster(), start);
  }

  /** What somebody has chosen above the dashboards. */
  static GrafanaSql choices(Instant start) {
    return new GrafanaSql(start.minusSeconds(3600), start.plusSeconds(7200), Map.of())
        .with("job", "1001")
        .with("jobs", "1001", "c/1002")
        .with("user", "(everybody)")
        .with("state", "running", "completed", "failed", "killed", "unknown")
        .with("search", "")
        .with("stream", "stdout")
        .with("lines", "1000")
        .with("task", "(all)")
        .with("x", "auto")
        .with("key", "(measures)")
        .with("each", "loss")
        .with("same_x", "last")
        .with("smooth", "0")
        .with("clip", "0")
        .with("statistic", "last");
  }

  TestCluster cluster() {
    return cluster;
  }

  /** Alice's bar changes, without an end of line. */
  void bar(String text) throws IOException {
    alice.later(100).print(text).flush();
  }

  private JobOutput job(String id, String user, String optIn, Instant start) throws IOException {
    return new JobOutput(cluster.server().address(), id, user, optIn, start);
  }

  private void alice() throws IOException {
    alice.print("hello from stdout\nfirst of a burst\nsecond of a burst\n");
    alice.print("say \"it's\" 100%_done\n");
    alice.print("rm -r $HOME(1) \\ %41 é\n");
    alice.later(10).print(StreamKind.STDERR, "warning: slow disk\n");
    train(alice, 3);
    alice.print("{\"epoch\":2,\"note\":\"x\",\"loss\":NaN}\n").later(1000);
    alice.print("/LOGCOMMAND {\"mode\":\"disabled\"}\ns3cret\n").later(1000);
    alice.print("/LOGCOMMAND {\"mode\":\"enabled\"}\n").later(1000);
    alice.print("/LOGCOMMAND {\"colour\":1}\n").later(1000);
    alice.flush();
  }

  /** Epochs of four steps each; a loss in three of four records. */
  private static void train(JobOutput job, int epochs) throws IOException {
    for (int step = 1; step <= 4 * epochs; step++) {
      job.print(
              String.format(
                  Locale.ROOT,
                  "{\"epoch\":%d,\"step\":%d,\"loss\":%s,\"lr\":%s,\"val\":{\"acc\":%s}}%n",
                  (step - 1) / 4,
                  step,
                  1.0 / step,
                  0.1 / step,
                  step / 100.0))
          .later(1000);
    }
  }

  @Override
  public void close() throws IOException {
    alice.close();
    dora.close();
    cluster.close();
  }
}
