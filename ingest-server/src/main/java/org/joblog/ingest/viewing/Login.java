package org.joblog.ingest.viewing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.cookie.CookieHeaderNames.SameSite;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.joblog.ingest.identity.Authenticator;
import org.joblog.ingest.identity.NotProven;
import org.joblog.ingest.viewing.Reply.Header;
import org.joblog.ingest.viewing.Sessions.Opened;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a person comes in, and goes. Safe for use by many threads. */
final class Login {

  private static final Logger LOG = LoggerFactory.getLogger(Login.class);

  /** What a browser says of a request that the page itself makes (Fetch Metadata). */
  private static final String OWN_PAGE = "same-origin";

  private final Sessions sessions;
  private final Authenticator authenticator;
  private final boolean secure;

  /** Whether it was said that nobody can log in: once, and not for each who tries. */
  private final AtomicBoolean mute = new AtomicBoolean();

  Login(ViewingSettings settings, Authenticator authenticator, InstantSource clock) {
    sessions = new Sessions(settings, clock);
    secure = settings.secure();
    this.authenticator = authenticator;
  }

  /**
   * The session that a request belongs to.
   *
   * @throws Refused if there is none, or if another site's page has sent the request
   */
  Session sessionOf(Request request) throws Refused {
    if (request.credential("Bearer").isEmpty()
        && !request.method().equals(HttpMethod.GET)
        && !request.site().equals(OWN_PAGE)) {
      throw fromElsewhere(request);
    }
    return tokenOf(request)
        .flatMap(sessions::of)
        .orElseThrow(() ->
            new Refused(
                HttpResponseStatus.UNAUTHORIZED,
                "no session, or one that is over (expected: joblog page on a head node)"));
  }

  private static Refused fromElsewhere(Request request) {
    return new Refused(
        HttpResponseStatus.FORBIDDEN,
        "Sec-Fetch-Site: " + request.site() + " (expected: " + OWN_PAGE + ")");
  }

  private Optional<String> tokenOf(Request request) {
    return request.credential("Bearer").or(() -> request.cookie(cookieName()));
  }

  /** A session for a credential. */
  void begin(Request request, Reply reply) throws Refused, IOException, InterruptedException {
    String credential =
        request
            .credential("Munge")
            .orElseThrow(() ->
                new Refused(
                    HttpResponseStatus.UNAUTHORIZED,
                    "Authorization: none (expected: Munge and a credential)"));
    try {
      Opened opened = sessions.begin(accountOf(credential));
      LOG.debug("a session of {} begins", opened.session().visitor().account());
      reply.json(HttpResponseStatus.OK, JsonText.session(opened.session(), opened.token()));
    } catch (NotProven e) {
      throw new Refused(HttpResponseStatus.UNAUTHORIZED, e.reason());
    }
  }

  private String accountOf(String credential) throws Refused, NotProven, InterruptedException {
    try {
      String account = authenticator.accountOf(credential);
      if (mute.getAndSet(false)) {
        LOG.info("people can log in again");
      }
      return account;
    } catch (IOException e) {
      if (!mute.getAndSet(true)) {
        LOG.warn("nobody can log in, until further notice: {}", e.getMessage());
      }
      throw new Refused(
          HttpResponseStatus.SERVICE_UNAVAILABLE, "who you are cannot be found out now");
    }
  }

  /** A link for the browser of who has a session. */
  void invite(Request request, Reply reply) throws Refused, IOException {
    reply.json(HttpResponseStatus.OK, JsonText.invitation(sessions.invite(sessionOf(request))));
  }

  /** A browser that follows a link gets a session of its own. */
  void enter(Request request, Reply reply) throws Refused, IOException {
    // Another site's page could let somebody in as somebody else, who would take what they see for
    // theirs.
    if (!request.site().isEmpty() && !request.site().equals(OWN_PAGE)) {
      throw fromElsewhere(request);
    }
    Opened opened =
        sessions
            .enter(request.body().strip())
            .orElseThrow(() ->
                new Refused(
                    HttpResponseStatus.UNAUTHORIZED,
                    "this link was used or is too old (expected: a new one by joblog page)"));
    LOG.info("a session of {} begins in a browser", opened.session().visitor().account());
    noContent(reply, opened.token(), false);
  }

  /** Who has the session. */
  void tell(Request request, Reply reply) throws Refused, IOException {
    reply.json(HttpResponseStatus.OK, JsonText.session(sessionOf(request)));
  }

  /** Ends the session. */
  void end(Request request, Reply reply) throws Refused, IOException {
    sessionOf(request);
    tokenOf(request).ifPresent(sessions::end);
    noContent(reply, "", true);
  }

  private void noContent(Reply reply, String token, boolean over) throws IOException {
    DefaultCookie cookie = new DefaultCookie(cookieName(), token);
    cookie.setHttpOnly(true);
    cookie.setSecure(secure);
    cookie.setPath("/");
    cookie.setSameSite(SameSite.Strict);
    if (over) {
      cookie.setMaxAge(0);
    }
    reply.whole(
        HttpResponseStatus.NO_CONTENT,
        Reply.JSON,
        new byte[0],
        new Header(HttpHeaderNames.SET_COOKIE, ServerCookieEncoder.STRICT.encode(cookie)));
  }

  /** Browsers take a name with this beginning only from the host itself and by TLS. */
  private String cookieName() {
    return secure ? "__Host-joblog" : "joblog";
  }
}
