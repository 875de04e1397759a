package org.joblog.ingest.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.joblog.ingest.client.Credential;
import org.joblog.ingest.client.TrustedAuthority;
import org.joblog.ingest.client.ViewClient;
import org.joblog.ingest.client.ViewingFailed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where jobs are asked for, and how it is proven who asks. */
final class ViewOptions {

  /** Where an operator says it for everybody. */
  private static final Path SITE = Path.of("/etc/joblog/view.url");

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:JOBLOG_VIEW}",
      description =
          "Where the server shows jobs, https://HOST:PORT. Without: what JOBLOG_VIEW says, else"
              + " the file /etc/joblog/view.url.")
  private @Nullable String server;

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      defaultValue = "${env:JOBLOG_VIEW_CA}",
      description =
          "Who signed its certificate, where Java does not know. Without: what JOBLOG_VIEW_CA says.")
  private @Nullable Path authority;

  @Option(
      names = "--munge",
      paramLabel = "PROGRAM",
      defaultValue = "munge",
      description = "The program that proves who you are (default: ${DEFAULT-VALUE}).")
  private String munge = "munge";

  /** What a command asks. */
  interface Asking {
    void ask(ViewClient client)
        throws ViewingFailed, CommandFailed, InterruptedException, IOException;
  }

  /** Asks, and tells in words what went wrong. */
  int ask(Asking asking) throws CommandFailed {
    try (ViewClient client = client()) {
      asking.ask(client);
      return Joblog.DONE;
    } catch (ViewingFailed e) {
      throw new CommandFailed(Joblog.FAILED, e.reason());
    } catch (IOException e) {
      throw new CommandFailed(Joblog.FAILED, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(Joblog.FAILED, "interrupted");
    }
  }

  private ViewClient client() throws ViewingFailed, CommandFailed {
    Optional<SSLSocketFactory> trusted =
        authority == null || authority.toString().isEmpty()
            ? Optional.empty()
            : Optional.of(TrustedAuthority.of(authority));
    return new ViewClient(serverUrl(), trusted, new Credential(munge));
  }

  URI serverUrl() throws CommandFailed {
    String text = server == null || server.isEmpty() ? site() : server;
    try {
      URI uri = URI.create(text.strip());
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new CommandFailed(
        Joblog.WRONG_USE, "--server: " + text.strip() + " (expected: https://HOST:PORT)");
  }

  private static String site() throws CommandFailed {
    try {
      return Files.readString(SITE);
    } catch (IOException e) {
      throw new CommandFailed(
          Joblog.WRONG_USE,
          "where is the server? (expected: --server https://HOST:PORT, or JOBLOG_VIEW, or a file "
              + SITE
              + ")");
    }
  }
}
