package org.joblog.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to the page where there is no MUNGE. */
class DemoPageTest {

  private static final String NO_DATABASE = "jdbc:postgresql://127.0.0.1:1/none";

  @TempDir private Path folder;

  @Test
  void theLinkOpensThePageAndAnotherPassDoesNot() throws Exception {
    try (DemoServer server = DemoServer.start(folder, NO_DATABASE);
        HttpClient client = HttpClient.newHttpClient()) {
      URI link = server.page().link(server.viewing());
      String code = link.getFragment().substring("enter=".length());
      HttpRequest enter =
          HttpRequest.newBuilder(server.viewing().resolve("/v1/enter"))
              .POST(BodyPublishers.ofString(code))
              .build();
      assertThat(client.send(enter, BodyHandlers.ofString()).statusCode()).isEqualTo(204);

      assertThat(Programs.run(List.of(server.page().munge().toString()), ""))
          .isEqualTo(server.page().credential());

      DemoPage stranger =
          new DemoPage(server.page().unmunge(), server.page().munge(), "MUNGE:abcd:");
      assertThatIOException()
          .isThrownBy(() -> stranger.link(server.viewing()))
          .withMessageStartingWith("the page: 401");
    }
  }
}
