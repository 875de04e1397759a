package org.joblog.ingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.client.StandInServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands that show jobs, as somebody on a head node runs them. */
class ViewCommandsTest {

  private static final String JOB =
      "{\"job_key\":42,\"job\":\"7\",\"name\":\"train\",\"user\":\"ada\",\"state\":\"%s\","
          + "\"started_at\":\"2026-11-22T12:00:00+00:00\",\"ended_at\":%s,\"exit_code\":%s,"
          + "\"lines\":3,\"mode\":\"enabled\"}";

  @TempDir private Path folder;
  @AutoClose private StandInServer server;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() throws IOException {
    String ended = JOB.formatted("failed", "\"2026-11-23T14:03:04+00:00\"", "3");
    server = new StandInServer();
    server.on("/v1/jobs", ended).on("/v1/jobs/7", ended).on("/v1/jobs/key:42", ended);
  }

  private int run(String... args) throws IOException {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(
        List.of(
            "--server",
            server.uri().toString(),
            "--munge",
            StandInServer.munge(folder).toString()));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... args) {
    CommandLine program = Joblog.program();
    program.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return program.execute(args);
  }

  @Test
  void jobsAreATable() throws Exception {
    assertThat(run("jobs", "--state", "failed,killed", "--search", "a b")).isZero();

    assertThat(out.toString().lines())
        .hasSize(2)
        .first()
        .isEqualTo("JOB  NAME   USER  STATE   STARTED              ELAPSED     LINES  MODE");
    assertThat(out.toString())
        .contains("7    train  ada   failed  ")
        .contains("  1-02:03:04  3      enabled");
    assertThat(server.requests)
        .containsExactly("/v1/jobs?newest=20&state=failed&state=killed&search=a%20b");
  }

  @Test
  void jobsCanBeReadByPrograms() throws Exception {
    assertThat(run("jobs", "--json", "-n", "1")).isZero();

    assertThat(out.toString().lines()).singleElement().asString().startsWith("{\"job_key\":42");
  }

  @Test
  void theLogOfAJobIsItsTextWithoutAnythingThatMovesTheCursor() throws Exception {
    server.on(
        "/v1/jobs/key:42/log",
        "{\"time\":\"2026-11-22T12:00:00+00:00\",\"body\":\"\\u001b[31mred\\u001b[2J\"}",
        "{\"time\":\"2026-11-22T12:00:01+00:00\",\"body\":\"<b>\"}");

    assertThat(run("log", "7", "--since", "2026-11-22T12:00:00Z")).isZero();
    assertThat(out).hasToString("red\n<b>\n");
    assertThat(server.requests)
        .last()
        .isEqualTo("/v1/jobs/key:42/log?stream=stdout&newest=1000&since=2026-11-22T12%3A00Z");
    assertThat(run("log", "7", "--both", "--times", "--colour", "always", "--search", "x"))
        .isZero();
    assertThat(out.toString()).contains("2026-11-22T12:00:00+00:00  \u001b[31mred\u001b[0m\n");
    assertThat(server.requests)
        .last()
        .isEqualTo("/v1/jobs/key:42/log?stream=stdout&stream=stderr&search=x&newest=1000");
  }

  @Test
  void whoFollowsAJobThatIsOverSeesItsLogAndItsEnd() throws Exception {
    server.on(
        "/v1/jobs/key:42/log",
        "{\"time\":\"2026-11-22T12:00:00+00:00\",\"body\":\"a\",\"id\":\"1:0\",\"line\":0,"
            + "\"stream_key\":1,\"kind\":\"text\"}");

    assertThat(run("log", "7", "-f", "--stderr")).isZero();
    assertThat(out).hasToString("a\n");
    assertThat(err).hasToString("joblog: job 7 is failed, exit code 3\n");
    assertThat(server.requests).last().isEqualTo("/v1/jobs/key:42/log?stream=stderr&newest=1000");
  }

  @Test
  void metadataAreRecordsATableForSpreadsheetsOrASummary() throws Exception {
    server
        .on(
            "/v1/jobs/key:42/metadata",
            "{\"time\":\"t\",\"sequence\":1,\"record\":{\"loss\":0.5}}",
            "{\"time\":\"t\",\"sequence\":0,\"record\":{\"loss\":\"NaN\",\"lr\":1}}")
        .on("/v1/jobs/key:42/latest", "{\"key\":\"loss\",\"value\":\"0.5\",\"time\":\"t\"}")
        .on(
            "/v1/jobs/key:42/keys",
            "{\"key\":\"loss\",\"last_text\":\"0.5\",\"count\":1,\"x_class_name\":\"numbers\"}");

    assertThat(run("metadata", "7")).isZero();
    assertThat(out.toString().lines()).hasSize(2).first().asString().endsWith("{\"loss\":0.5}}");
    out.getBuffer().setLength(0);
    assertThat(run("metadata", "7", "-n", "1")).isZero();
    assertThat(out.toString().lines()).hasSize(1);
    out.getBuffer().setLength(0);
    assertThat(run("metadata", "7", "--csv")).isZero();
    assertThat(out).hasToString("time,sequence,loss,lr\r\nt,1,0.5,\r\nt,0,NaN,1\r\n");
    out.getBuffer().setLength(0);
    assertThat(run("metadata", "7", "--latest")).isZero();
    assertThat(out.toString().lines()).containsExactly("KEY   VALUE  TIME", "loss  0.5    t");
    out.getBuffer().setLength(0);
    assertThat(run("metadata", "7", "--keys")).isZero();
    assertThat(out.toString().lines()).last().asString().startsWith("loss  0.5");
  }

  @Test
  void aLinkToThePageIsAWholeAddress() throws Exception {
    server.on("/v1/link", "{\"path\":\"/#enter=abc\",\"expires_at\":\"2026-11-22T12:02:00Z\"}");

    assertThat(run("page")).isZero();
    assertThat(out).hasToString(server.uri() + "/#enter=abc\n");
    assertThat(run("page", "fir/7")).isZero();
    assertThat(out.toString()).endsWith("/#enter=abc&to=/job/fir%2F7\n");
  }

  @Test
  void aJobThatThereIsNotIsAFailureInOneLine() throws Exception {
    assertThat(run("log", "8")).isEqualTo(Joblog.FAILED);
    assertThat(err).hasToString("joblog: not found\n");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log 7 -n 10001 | -n: 10001 (expected: 0 to 10000, or --all)",
        "log 7 --all --search x | --all: with --follow, --since, --until or --search (expected: alone)",
        "log 7 -f --until 1h | --until: with --follow (expected: one of them)",
        "log 7 --since yesterday | --since: yesterday (expected: 10m, 2h, 1d, or a time like 2026-01-31T12:00:00)",
      })
  void wrongUseIsNamed(String arguments, String reason) throws Exception {
    assertThat(run(arguments.split(" "))).isEqualTo(Joblog.WRONG_USE);
    assertThat(err).hasToString("joblog: " + reason + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere", "ftp://host", "https://", "https://a b"})
  void whatIsNoAddressIsNamed(String address) {
    assertThat(execute("jobs", "--server", address)).isEqualTo(Joblog.WRONG_USE);
    assertThat(err)
        .hasToString("joblog: --server: " + address + " (expected: https://HOST:PORT)\n");
  }

  @Test
  void aFileWithoutCertificatesIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), "");

    assertThat(execute("jobs", "--server", "https://localhost:1", "--ca-file", file.toString()))
        .isEqualTo(Joblog.FAILED);
    assertThat(err.toString()).contains("ca.pem: no certificate (expected: PEM)");
  }
}
