package org.joblog.ingest.viewing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.joblog.ingest.reading.Visitor;

/**
 * Who is logged in. A token is 256 random bits, and is known here by its SHA-256 only. A link is a
 * token that is good once and shortly. Kept in memory: a restart ends all. Safe for use by many
 * threads.
 */
final class Sessions {

  private static final int TOKEN_BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  /**
   * In the order of their last use: a page that is open outlives what commands have left behind.
   */
  private final SequencedMap<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

  private final SequencedMap<String, Link> links = new LinkedHashMap<>();
  private final ViewingSettings settings;
  private final InstantSource clock;

  Sessions(ViewingSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** A token, and what it opens. Immutable. */
  record Opened(String token, Session session) {}

  /** A code, and until when it can be exchanged for a session. Immutable. */
  record Invitation(String code, Instant expiresAt) {}

  private record Link(Session session, Instant expiresAt) {}

  /** Begins a session of somebody who has proven who they are. */
  synchronized Opened begin(String account) {
    Visitor visitor = new Visitor(account, settings.operators().contains(account));
    return begin(new Session(visitor, clock.instant().plus(settings.session())));
  }

  private Opened begin(Session session) {
    forgetOld();
    List<String> own =
        sessions.entrySet().stream()
            .filter(entry -> entry.getValue().visitor().equals(session.visitor()))
            .map(Map.Entry::getKey)
            .toList();
    if (own.size() >= settings.limits().sessionsPerPerson()) {
      sessions.remove(own.getFirst());
    } else if (sessions.size() >= settings.limits().sessions()) {
      sessions.pollFirstEntry();
    }
    String token = token();
    sessions.put(hashOf(token), session);
    return new Opened(token, session);
  }

  /** The session that a token opens, if it is good still. */
  synchronized Optional<Session> of(String token) {
    return Optional.ofNullable(sessions.get(hashOf(token)))
        .filter(session -> clock.instant().isBefore(session.expiresAt()));
  }

  /**
   * Makes a link to a session's page: whoever follows it first gets a session that ends with this
   * one.
   */
  synchronized Invitation invite(Session session) {
    forgetOld();
    if (links.size() >= settings.limits().sessions()) {
      links.pollFirstEntry();
    }
    String code = token();
    Instant expiresAt = clock.instant().plus(settings.limits().link());
    links.put(hashOf(code), new Link(session, expiresAt));
    return new Invitation(code, expiresAt);
  }

  /** Begins the session that a link leads to, once. */
  synchronized Optional<Opened> enter(String code) {
    forgetOld();
    return Optional.ofNullable(links.remove(hashOf(code))).map(link -> begin(link.session()));
  }

  /** Ends a session, if there is one. */
  synchronized void end(String token) {
    sessions.remove(hashOf(token));
  }

  private void forgetOld() {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> !now.isBefore(session.expiresAt()));
    links.values().removeIf(link -> !now.isBefore(link.expiresAt()));
  }

  private String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String hashOf(String token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java", e);
    }
  }
}
