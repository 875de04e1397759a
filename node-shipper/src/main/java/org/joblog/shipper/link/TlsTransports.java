package org.joblog.shipper.link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections that speak TLS 1.3 and check that the server's certificate is for the host that
 * was asked for. Safe for use by many threads.
 */
public final class TlsTransports implements Link.TransportFactory {

  private final SSLContext context;

  /** The certificate that this node shows, and its key, both PEM; the key is PKCS#8. */
  public record Identity(Path certificates, Path key) {}

  /**
   * Reads what is needed from files.
   *
   * @param caFile certificates to trust, PEM; the system's if empty
   * @param identity what this node shows, if the server asks for it
   * @throws IOException if a file cannot be read, or is not what it should be
   */
  public TlsTransports(Optional<Path> caFile, Optional<Identity> identity) throws IOException {
    try {
      context = SSLContext.getInstance("TLSv1.3");
      context.init(
          identity.isPresent() ? keys(identity.get()) : null,
          caFile.isPresent() ? trust(caFile.get()) : null,
          null);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage() + " (expected: PEM files)", e);
    }
  }

  @Override
  public Transport over(SocketChannel channel, ServerAddress server) throws IOException {
    SSLEngine engine = context.createSSLEngine(server.host(), server.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3"});
    engine.setSSLParameters(parameters);
    return new TlsTransport(channel, engine);
  }

  private static TrustManager @Nullable [] trust(Path caFile)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate certificate : certificates(caFile)) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(Identity identity)
      throws GeneralSecurityException, IOException {
    Certificate[] chain = certificates(identity.certificates()).toArray(Certificate[]::new);
    KeyStore store = emptyStore();
    PrivateKey key = privateKey(identity.key(), chain[0].getPublicKey().getAlgorithm());
    store.setKeyEntry("node", key, new char[0], chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file) throws IOException {
    String expected = " (expected: certificates in PEM)";
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException(file + ": no certificate" + expected);
      }
      return found;
    } catch (FileSystemException e) {
      throw unreadable(file, e);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": no certificates" + expected, e);
    }
  }

  private static PrivateKey privateKey(Path file, String algorithm) throws IOException {
    try {
      String pem = Files.readString(file);
      String body =
          pem.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----", "").replaceAll("(?s)-----END.*", "");
      byte[] der = Base64.getMimeDecoder().decode(body);
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (FileSystemException e) {
      throw unreadable(file, e);
    } catch (CharacterCodingException | GeneralSecurityException | IllegalArgumentException e) {
      // The reason is left out: it may quote the key.
      throw new IOException(
          file + ": no key (expected: PEM, PKCS#8, " + algorithm + " as its certificate)");
    }
  }

  private static IOException unreadable(Path file, FileSystemException e) {
    String reason =
        switch (e) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "permission denied";
          default -> String.valueOf(e.getReason());
        };
    return new IOException(file + ": " + reason, e);
  }
}
