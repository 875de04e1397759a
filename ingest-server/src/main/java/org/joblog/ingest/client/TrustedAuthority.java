package org.joblog.ingest.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Who may have signed the server's certificate. */
public final class TrustedAuthority {

  private TrustedAuthority() {}

  /**
   * Trusts the certificates of a file, and no others.
   *
   * @param file PEM
   * @throws ViewingFailed if it cannot be read, or holds none
   */
  public static SSLSocketFactory of(Path file) throws ViewingFailed {
    try (InputStream input = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(input)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
      }
      if (trusted.size() == 0) {
        throw new ViewingFailed(file + ": no certificate (expected: PEM)", false);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new ViewingFailed(file + ": cannot be used: " + e.getMessage(), false);
    }
  }
}
