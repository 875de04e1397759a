package org.joblog.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.joblog.ingest.client.LinePrinter.Style;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeLogTest {

  @TempDir private Path folder;
  @AutoClose private StandInServer server;
  @AutoClose private ViewClient client;
  private final StringWriter out = new StringWriter();

  @BeforeEach
  void start() throws IOException {
    server = new StandInServer();
    server.on("/v1/jobs/7", "{\"job_key\":42,\"job\":\"7\"}");
    client =
        new ViewClient(
            server.uri(), Optional.empty(), new Credential(StandInServer.munge(folder).toString()));
  }

  private String print(String... kinds) throws Exception {
    LinePrinter printer =
        new LinePrinter(new PrintWriter(out), new Style(false, false, true, false));
    new WholeLog(client, printer).print(client.job("7"), List.of(kinds));
    return out.toString();
  }

  @Test
  void pagesAreAskedForUntilTheStreamEndsAlsoWhereTheOldestAreGone() throws Exception {
    server
        .on(
            "/v1/jobs/key:42/streams",
            "{\"stream_key\":1,\"stream\":\"stdout\",\"lines\":30000}",
            "{\"stream_key\":2,\"stream\":\"stderr\",\"lines\":1}",
            "{\"stream_key\":3,\"stream\":\"combined\",\"lines\":0}")
        .on("/v1/jobs/key:42/lines");

    assertThat(print("stdout")).isEmpty();
    assertThat(server.requests)
        .filteredOn(request -> request.contains("/lines"))
        .containsExactly(
            "/v1/jobs/key:42/lines?stream_key=1&first_line=0&lines=10000",
            "/v1/jobs/key:42/lines?stream_key=1&first_line=10000&lines=10000",
            "/v1/jobs/key:42/lines?stream_key=1&first_line=20000&lines=10000");
  }

  @Test
  void linesHaveTheirColoursWhereTheyHaveSome() throws Exception {
    server
        .on("/v1/jobs/key:42/streams", "{\"stream_key\":2,\"stream\":\"stderr\",\"lines\":1}")
        .on(
            "/v1/jobs/key:42/lines",
            "{\"line\":0,\"text\":\"red\",\"ansi\":\"\\u001b[31mred\"}",
            "{\"line\":1,\"text\":\"plain\",\"ansi\":null}");
    // The page behind the last is asked for, too: a running job goes on.
    server.onceThenEmpty("/v1/jobs/key:42/lines");

    print("stderr");

    assertThat(out).hasToString("\u001b[31mred\u001b[0m\nplain\n");
  }
}
