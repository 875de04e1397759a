package org.joblog.ingest.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server of docs/viewing.md, in one session that begins with the first question and ends
 * when this is closed. Every wait is bounded. Confined to one thread.
 */
public final class ViewClient implements AutoCloseable {

  private static final int CONNECT_MILLIS = 5_000;

  /** The database may take half of this before the first row comes. */
  private static final int READ_MILLIS = 60_000;

  /** An error is a sentence. */
  private static final int MOST_OF_AN_ERROR = 4_096;

  private final URI server;
  private final @Nullable SSLSocketFactory trusted;
  private final Credential credential;
  private @Nullable String token;

  /**
   * @param server where it listens, {@code https://HOST:PORT}
   * @param trusted who may have signed its certificate; empty for whom Java trusts
   * @param credential proves who asks
   */
  public ViewClient(URI server, Optional<SSLSocketFactory> trusted, Credential credential) {
    this.server = server;
    this.trusted = trusted.orElse(null);
    this.credential = credential;
  }

  /** Takes rows; may stop before the last one. */
  @FunctionalInterface
  public interface RowReader {

    /** Takes a row; false if no further one is wanted. */
    boolean read(Row row) throws IOException;
  }

  /** The row of a job. */
  public Row job(String named) throws ViewingFailed, InterruptedException {
    List<Row> found = new ArrayList<>();
    read("/v1/jobs/" + Query.encoded(named), found::add);
    if (found.isEmpty()) {
      throw new ViewingFailed("job " + named + ": not found", false);
    }
    return found.getFirst();
  }

  /** Reads what there is about a job. */
  public void readOf(Row job, String what, Query query, RowReader rows)
      throws ViewingFailed, InterruptedException {
    read("/v1/jobs/key:" + job.get("job_key") + "/" + what + query, rows);
  }

  /** Reads jobs. */
  public void readJobs(Query query, RowReader rows) throws ViewingFailed, InterruptedException {
    read("/v1/jobs" + query, rows);
  }

  /** A link to the page: {@code path} and {@code expires_at}. */
  public Row link() throws ViewingFailed, InterruptedException {
    return single("POST", "/v1/link", bearer());
  }

  private String bearer() throws ViewingFailed, InterruptedException {
    if (token == null) {
      token = single("POST", "/v1/session", "Munge " + credential.fresh()).get("token");
    }
    return "Bearer " + token;
  }

  private Row single(String method, String path, String authorization) throws ViewingFailed {
    HttpURLConnection connection = null;
    try {
      connection = ask(method, path, authorization);
      try (BufferedReader body = body(connection)) {
        return Row.of(Optional.ofNullable(body.readLine()).orElse(""));
      }
    } catch (IOException e) {
      throw explained(e);
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  private void read(String path, RowReader rows) throws ViewingFailed, InterruptedException {
    try {
      HttpURLConnection connection = askAgainIfOver(path);
      try (BufferedReader body = body(connection)) {
        for (String line = body.readLine(); line != null; line = body.readLine()) {
          if (!rows.read(Row.of(line))) {
            connection.disconnect();
            return;
          }
        }
      }
    } catch (IOException e) {
      throw explained(e);
    }
  }

  /** A session may have ended, with its time or with the server's restart. */
  private HttpURLConnection askAgainIfOver(String path)
      throws IOException, ViewingFailed, InterruptedException {
    boolean begun = token != null;
    try {
      return ask("GET", path, bearer());
    } catch (SessionOver e) {
      if (!begun) {
        throw e.failure;
      }
      token = null;
      return ask("GET", path, bearer());
    }
  }

  private HttpURLConnection ask(String method, String path, String authorization)
      throws IOException, ViewingFailed {
    HttpURLConnection connection =
        (HttpURLConnection) server.resolve(path).toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure && trusted != null) {
      secure.setSSLSocketFactory(trusted);
    }
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Authorization", authorization);
    int status = connection.getResponseCode();
    if (status >= 300) {
      ViewingFailed failure = new ViewingFailed(errorOf(connection, status), status >= 500);
      if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
        throw new SessionOver(failure);
      }
      throw failure;
    }
    return connection;
  }

  private static BufferedReader body(HttpURLConnection connection) throws IOException {
    return new BufferedReader(
        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String errorOf(HttpURLConnection connection, int status) throws IOException {
    try (InputStream body = connection.getErrorStream()) {
      String text =
          body == null ? "" : new String(body.readNBytes(MOST_OF_AN_ERROR), StandardCharsets.UTF_8);
      return TerminalText.plain(Row.of(text.strip()).get("error"));
    } catch (IOException e) {
      return "status " + status + " (expected: a joblog server that shows jobs)";
    }
  }

  private ViewingFailed explained(IOException e) {
    return switch (e) {
      case SessionOver over -> over.failure;
      case UnknownHostException _ ->
          new ViewingFailed("server " + server + ": no such host (expected: --server)", false);
      case ConnectException _, SocketTimeoutException _ ->
          new ViewingFailed("server " + server + ": does not answer", true);
      case SSLException _ ->
          new ViewingFailed(
              "server "
                  + server
                  + ": its certificate is not trusted, or it speaks no TLS ("
                  + e.getMessage()
                  + "; expected: --ca-file with who signed it)",
              false);
      default ->
          new ViewingFailed("server " + server + ": the answer broke off: " + e.getMessage(), true);
    };
  }

  /** The session is not known any more. */
  private static final class SessionOver extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient ViewingFailed failure;

    SessionOver(ViewingFailed failure) {
      this.failure = failure;
    }
  }

  /** Ends the session; what goes wrong is of no interest any more. */
  @Override
  public void close() {
    if (token != null) {
      try {
        ask("DELETE", "/v1/session", "Bearer " + token).disconnect();
      } catch (IOException | ViewingFailed e) {
        // It ends by itself.
      }
      token = null;
    }
  }
}
