package org.joblog.ingest.viewing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.joblog.ingest.viewing.Reply.Header;

/**
 * The files of the page, which are part of the program: a name has neither folders nor dots, so no
 * path of a request reaches anything else. Read when they are first asked for. Safe for use by many
 * threads.
 */
final class PageFiles {

  /** Nothing but the page's own files, and no text of a job as script, style or markup. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
          + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9-]{1,64}(\\.min|\\.iife\\.min)?\\.[a-z]+");

  /** The page's own files, and those of the library that draws graphs. */
  private static final List<String> FOLDERS =
      List.of("page/", "/META-INF/resources/webjars/uplot/1.6.30/dist/");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  private record PageFile(String type, String version, byte[] bytes) {}

  /**
   * Answers with a file, or with the word that it is still the one the browser has; false if there
   * is none.
   */
  boolean answer(String name, String knownVersion, Reply reply) throws IOException {
    Optional<PageFile> found = find(name);
    if (found.isEmpty()) {
      return false;
    }
    PageFile file = found.get();
    boolean known = knownVersion.equals(file.version);
    reply.whole(
        known ? HttpResponseStatus.NOT_MODIFIED : HttpResponseStatus.OK,
        file.type,
        known ? new byte[0] : file.bytes,
        new Header(HttpHeaderNames.CACHE_CONTROL, "no-cache"),
        new Header(HttpHeaderNames.ETAG, file.version),
        new Header(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY),
        new Header("cross-origin-opener-policy", "same-origin"));
    return true;
  }

  private Optional<PageFile> find(String name) throws IOException {
    PageFile known = files.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    for (String folder : FOLDERS) {
      try (InputStream input = PageFiles.class.getResourceAsStream(folder + name)) {
        if (input != null) {
          byte[] bytes = input.readAllBytes();
          PageFile file = new PageFile(type, versionOf(bytes), bytes);
          files.put(name, file);
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static String versionOf(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(Arrays.copyOf(digest, 16)) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java", e);
    }
  }
}
