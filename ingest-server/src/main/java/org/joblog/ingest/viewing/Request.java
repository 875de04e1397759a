package org.joblog.ingest.viewing;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody asks. Immutable.
 *
 * @param method GET, POST or DELETE
 * @param path decoded, part by part, without the empty first one
 * @param arguments of the query, each with all its values
 * @param authorization the header of this name, empty if there is none
 * @param cookies the header of this name, empty if there is none
 * @param site where a browser says that the request comes from ({@code Sec-Fetch-Site}), empty if
 *     it says nothing
 * @param knownVersion the header {@code If-None-Match}, empty if there is none
 * @param body as text
 */
record Request(
    HttpMethod method,
    List<String> path,
    Map<String, List<String>> arguments,
    String authorization,
    String cookies,
    String site,
    String knownVersion,
    String body) {

  /** Values of all arguments together: as many keys as a graph has, and the rest. */
  private static final int MOST_VALUES = 128;

  /**
   * Reads a request.
   *
   * @throws Refused if its path cannot be decoded
   */
  static Request of(FullHttpRequest request) throws Refused {
    try {
      QueryStringDecoder uri =
          new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MOST_VALUES);
      List<String> path =
          List.of(uri.rawPath().substring(1).split("/", -1)).stream()
              .map(part -> QueryStringDecoder.decodeComponent(part.replace("+", "%2B")))
              .toList();
      return new Request(
          request.method(),
          path,
          uri.parameters(),
          header(request, HttpHeaderNames.AUTHORIZATION),
          header(request, HttpHeaderNames.COOKIE),
          header(request, "sec-fetch-site"),
          header(request, HttpHeaderNames.IF_NONE_MATCH),
          request.content().toString(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Refused(
          HttpResponseStatus.BAD_REQUEST, "path: not understood (expected: percent-encoded UTF-8)");
    }
  }

  private static String header(FullHttpRequest request, CharSequence name) {
    return Objects.requireNonNullElse(request.headers().get(name), "");
  }

  /** What follows the name of a way to authorise; empty if another one is used, or none. */
  Optional<String> credential(String scheme) {
    return authorization.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1)
        ? Optional.of(authorization.substring(scheme.length() + 1).strip())
        : Optional.empty();
  }

  Optional<String> cookie(String name) {
    return ServerCookieDecoder.STRICT.decode(cookies).stream()
        .filter(cookie -> cookie.name().equals(name))
        .map(Cookie::value)
        .findFirst();
  }

  /** Never what it carries: credentials and tokens. */
  @Override
  public String toString() {
    return "Request[" + method + ' ' + String.join("/", path) + ']';
  }
}
