package org.joblog.ingest.viewing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.identity.Authenticator;
import org.joblog.ingest.identity.NotProven;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.ingest.reading.JobReader;
import org.joblog.ingest.reading.ReadingSettings;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedStream;
import org.joblog.ingest.store.PostgresStore;
import org.joblog.ingest.store.StoreSettings;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.ingest.store.TestPostgres;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.options.JobOptions;

/**
 * A server for viewers on a real database, whose clock a test sets, and who believes whoever says
 * {@code I am NAME}. Confined to its test's thread.
 */
final class ViewingRig implements AutoCloseable {

  private static final long NOON_MICROS = 1_795_348_800_000_000L;
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  final TestPostgres postgres = TestPostgres.create();
  final PostgresStore store = PostgresStore.open(postgres.writer(), InstantSource.system());
  private final HttpClient client = HttpClient.newHttpClient();
  private final JobReader reader;
  private final ViewingServer server;
  volatile Instant now = Instant.parse("2026-11-22T12:00:00Z");
  volatile boolean identityAway;

  /** The status of each answer. */
  final List<Integer> outcomes = new CopyOnWriteArrayList<>();

  ViewingRig(ViewingLimits limits) throws IOException {
    StoreSettings role = postgres.reader();
    reader =
        JobReader.open(
            new ReadingSettings(
                role.jdbcUrl(),
                role.user(),
                role.password(),
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20)));
    ViewingSettings settings =
        new ViewingSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            null,
            true,
            Set.of("root"),
            Duration.ofHours(12),
            limits);
    server = ViewingServer.start(settings, believing(), reader, () -> now, outcomes::add);
  }

  private Authenticator believing() {
    return credential -> {
      if (identityAway) {
        throw new IOException("nobody there");
      }
      if (!credential.startsWith("I am ")) {
        throw new NotProven("credential: of nobody");
      }
      return credential.substring(5);
    };
  }

  /** A job of somebody; returns its key. */
  long job(String id, String account) throws Exception {
    return store
        .openJob(
            new JobFacts("fir", id, 0, account, 1000, "train", NOON_MICROS, JobOptions.DEFAULT))
        .jobKey();
  }

  /** Lines of a job, of 1,000 characters each. */
  void print(long jobKey, int lines) throws Exception {
    OpenedStream stream =
        store.openStream(jobKey, new StreamIdentity(0, "n1", 0, StreamKind.STDOUT, 1));
    byte[] text = "x".repeat(1_000).concat("\n").repeat(lines).strip().getBytes(UTF_8);
    Chunk chunk =
        new Chunk(
            0, lines, text, NOON_MICROS, NOON_MICROS, new int[] {lines}, new long[] {0}, List.of());
    StreamBatch written =
        new StreamBatch(
            stream.streamKey(),
            stream.owner(),
            text.length,
            null,
            new byte[0],
            lines,
            List.of(chunk),
            Screen.EMPTY,
            text.length,
            false);
    store.commit(
        new Batch(
            List.of(
                new JobBatch(
                    jobKey, null, null, List.of(), List.of(), KeyNews.NONE, List.of(written)))));
  }

  InetSocketAddress address() {
    return server.address();
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + address().getPort() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> login(String credential) throws IOException, InterruptedException {
    return send("POST", "/v1/session", "", "Authorization", "Munge " + credential);
  }

  /** The token of a new session of somebody. */
  String tokenOf(String account) throws IOException, InterruptedException {
    String answer = login("I am " + account).body();
    Matcher token = TOKEN.matcher(answer);
    if (!token.find()) {
      throw new IOException(answer);
    }
    return token.group(1);
  }

  /** Asks with a token. */
  HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
    return send("GET", path, "", "Authorization", "Bearer " + token);
  }

  @Override
  public void close() {
    client.close();
    server.close();
    reader.close();
    store.close();
    postgres.close();
  }
}
