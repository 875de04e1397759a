package org.joblog.ingest.net;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes TLS contexts of files. Safe for use by many threads. */
public final class TlsContexts {

  private TlsContexts() {}

  /**
   * TLS 1.3 for a server.
   *
   * @throws IOException naming the file that cannot be read or is not what it should be
   */
  public static SslContext server(TlsSettings settings) throws IOException {
    requireReadable("certificate", settings.certificate());
    requireReadable("key", settings.key());
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(settings.certificate().toFile(), settings.key().toFile())
              .protocols("TLSv1.3");
      Path authority = settings.clientAuthority();
      if (authority != null) {
        requireReadable("client authority", authority);
        builder.trustManager(authority.toFile()).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "tls: " + settings.certificate() + " or " + settings.key() + " (expected: PEM files)", e);
    }
  }

  private static void requireReadable(String what, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("tls " + what + ": " + file + " (expected: a readable PEM file)");
    }
  }
}
