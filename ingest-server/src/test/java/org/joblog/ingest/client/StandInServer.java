package org.joblog.ingest.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Speaks as docs/viewing.md says, with answers that a test lays down, and breaks when it is told
 * to. Safe for use by many threads.
 */
public final class StandInServer implements AutoCloseable {

  private static final String SESSION =
      "{\"user\":\"ada\",\"operator\":false,\"token\":\"t%d\",\"expires_at\":\"2026-11-23T00:00:00Z\"}";

  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private final List<String> once = new CopyOnWriteArrayList<>();

  /** Requests in their order, without those for sessions, each with its query. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** Credentials and tokens in their order. */
  public final List<String> authorizations = new CopyOnWriteArrayList<>();

  private volatile int sessions;
  private volatile int status = 200;
  private volatile int failures;
  private volatile boolean cut;
  private volatile boolean over;

  public StandInServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What a path answers from now on, row by row. */
  public StandInServer on(String path, String... rows) {
    answers.put(path, rows.length == 0 ? "" : String.join("\n", rows) + "\n");
    return this;
  }

  /** What a path answers now, it answers once. */
  void onceThenEmpty(String path) {
    once.add(path);
  }

  /** So many requests fail from now on. */
  void fail(int withStatus, int times) {
    status = withStatus;
    failures = times;
  }

  /** The next answer breaks off in its midst. */
  void cutNext() {
    cut = true;
  }

  /** The session that there is, is over. */
  void endSession() {
    over = true;
  }

  /** A program that prints a credential. */
  public static Path munge(Path folder) throws IOException {
    Path program =
        Files.writeString(folder.resolve("munge"), "#!/bin/sh\necho \"MUNGE:$(cat | wc -c):\"\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      authorizations.add(exchange.getRequestMethod() + " " + authorization);
      String path = exchange.getRequestURI().getRawPath().replace("%3A", ":");
      if (path.equals("/v1/session")) {
        over = false;
        boolean begins = exchange.getRequestMethod().equals("POST");
        send(exchange, begins ? 200 : 204, begins ? SESSION.formatted(++sessions) : "");
        return;
      }
      requests.add(exchange.getRequestURI().toString());
      if (over) {
        send(exchange, 401, "{\"error\":\"no session\"}\n");
      } else if (failures > 0) {
        failures--;
        send(exchange, status, "{\"error\":\"it fails\\u001b]0;title\\u0007\"}\n");
      } else if (answers.containsKey(path)) {
        send(exchange, 200, answers.get(path));
        if (once.remove(path)) {
          answers.put(path, "");
        }
      } else {
        send(exchange, 404, "{\"error\":\"not found\"}\n");
      }
    }
  }

  private void send(HttpExchange exchange, int answerStatus, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    if (cut && answerStatus == 200) {
      cut = false;
      exchange.sendResponseHeaders(200, body.length + 100L);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
      return;
    }
    exchange.sendResponseHeaders(answerStatus, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
