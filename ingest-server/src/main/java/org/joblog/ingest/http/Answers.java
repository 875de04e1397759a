package org.joblog.ingest.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.function.Supplier;

/** What is answered to which question. Safe for use by many threads. */
final class Answers {

  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<String> scrape;
  private final HealthSource health;

  Answers(Supplier<String> scrape, HealthSource health) {
    this.scrape = scrape;
    this.health = health;
  }

  /**
   * An answer. Immutable.
   *
   * @param contentType of the body
   */
  record Answer(HttpResponseStatus status, String contentType, String body) {

    static Answer plain(HttpResponseStatus status, String body) {
      return new Answer(status, PLAIN, body + "\n");
    }
  }

  /**
   * Answers a question.
   *
   * @param path without the query
   */
  Answer to(HttpMethod method, String path) {
    boolean known = path.equals("/metrics") || path.equals("/healthz") || path.equals("/readyz");
    if (!known) {
      return Answer.plain(
          HttpResponseStatus.NOT_FOUND, "not found (expected: /metrics, /healthz or /readyz)");
    }
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      return Answer.plain(
          HttpResponseStatus.METHOD_NOT_ALLOWED, "method not allowed (expected: GET or HEAD)");
    }
    return switch (path) {
      case "/healthz" -> state(health.illness());
      case "/readyz" -> state(health.unreadiness());
      default -> new Answer(HttpResponseStatus.OK, METRICS, scrape.get());
    };
  }

  private static Answer state(Optional<String> wrong) {
    return wrong
        .map(what -> Answer.plain(HttpResponseStatus.SERVICE_UNAVAILABLE, what))
        .orElseGet(() -> Answer.plain(HttpResponseStatus.OK, "ok"));
  }
}
