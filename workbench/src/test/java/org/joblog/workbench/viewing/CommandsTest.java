package org.joblog.workbench.viewing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.cli.Joblog;
import org.joblog.ingest.identity.Munge;
import org.joblog.schema.log.StreamKind;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.JobOutput;
import org.joblog.workbench.grafana.TestCluster;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the head node as their user runs them, in processes of their own: a real munged
 * says who that is, a real server answers from a real database.
 */
class CommandsTest {

  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path folder;
  @AutoClose private Munged munged;
  @AutoClose private TestCluster cluster;
  private String me;

  @BeforeEach
  void start() throws Exception {
    munged = new Munged(Files.createDirectory(folder.resolve("munge")));
    cluster = new TestCluster(munged.program("unmunge"));
    me = Programs.run(List.of("id", "-un"), "").strip();
  }

  private ProcessBuilder command(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Joblog.class.getName()));
    command.addAll(List.of(words));
    command.addAll(
        List.of(
            "--server",
            cluster.viewing().toString(),
            "--munge",
            munged.program("munge").toString()));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
  }

  private String run(int exitCode, String... words) throws Exception {
    Process process = command(words).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isEqualTo(exitCode);
    return printed;
  }

  private JobOutput job(String id, String user) throws IOException {
    return new JobOutput(cluster.server().address(), id, user, "", START);
  }

  @Test
  void everybodySeesTheirOwnJobsOnly() throws Exception {
    try (JobOutput mine = job("7", me);
        JobOutput other = job("8", "somebody-else")) {
      mine.print("mine\n{\"loss\":1.50e3}\n").print(StreamKind.STDERR, "oops\n").flush().end(0);
      other.print("secret of another\n").flush().end(0);
    }

    assertThat(run(0, "jobs")).contains("7 ").doesNotContain("somebody-else");
    assertThat(run(0, "log", "7")).isEqualTo("mine\n{\"loss\":1.50e3}\n");
    assertThat(run(0, "log", "7", "--all", "--both")).contains("mine\n", "oops\n");
    assertThat(run(0, "metadata", "7", "--csv")).endsWith(",0,1.50e3\r\n");
    assertThat(run(0, "metadata", "7", "--keys")).contains("loss");
    assertThat(run(0, "page", "7"))
        .startsWith(cluster.viewing() + "/#enter=")
        .endsWith("&to=/job/7\n");
    assertThat(run(1, "log", "8")).isEmpty();
    assertThat(folder.resolve("err"))
        .content()
        .isEqualTo("joblog: job 8: not found (expected: a job of " + me + ")\n");
  }

  @Test
  void aJobIsFollowedToItsEnd() throws Exception {
    try (JobOutput job = job("7", me)) {
      job.print("one\n10%").flush();
      Process following = command("log", "7", "-f").start();
      try (var printed = following.inputReader(UTF_8)) {
        assertThat(printed.readLine()).isEqualTo("one");
        job.later(1000).print("\r100%\ntwo\n").flush();
        assertThat(printed.readLine()).isEqualTo("100%");
        job.later(1000).print("three").flush().end(3);
        assertThat(printed.readLine()).isEqualTo("two");
        assertThat(printed.readLine()).isEqualTo("three");
        assertThat(printed.readLine()).isNull();
        assertThat(following.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(folder.resolve("err")).content().isEqualTo("joblog: job 7 is failed, exit code 3\n");
  }

  @Test
  void aCredentialIsGoodOnce() throws Exception {
    String credential =
        Programs.run(List.of(munged.program("munge").toString(), "-s", "joblog viewing"), "")
            .strip();
    Path unmunge = munged.program("unmunge");
    Munge munge = new Munge(unmunge.toString());

    assertThat(munge.accountOf(credential)).isEqualTo(me);
    assertThat(catchThrowable(() -> munge.accountOf(credential)))
        .hasMessage("credential: Replayed credential");
    String other =
        Programs.run(List.of(munged.program("munge").toString(), "-s", "something else"), "")
            .strip();
    assertThat(catchThrowable(() -> munge.accountOf(other)))
        .hasMessage("credential: made for something else (expected: joblog viewing)");
  }
}
