package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Keys and certificates of a test, in its folder. Confined to the test's thread. */
final class Certificates {

  private static final String PASSWORD = "only for this test";

  private final Path folder;

  Certificates(Path folder) {
    this.folder = folder;
  }

  /** The server's certificate. */
  Path certificate() {
    return folder.resolve("server.pem");
  }

  /** The options with which a node shows who it is. */
  String[] shown(KeyStore identity) throws Exception {
    String name = identity.aliases().nextElement();
    Path key = folder.resolve(name + ".key");
    Path certificate = folder.resolve(name + ".pem");
    pem(key, "PRIVATE KEY", identity.getKey(name, PASSWORD.toCharArray()).getEncoded());
    pem(certificate, "CERTIFICATE", identity.getCertificate(name).getEncoded());
    return new String[] {"--cert-file", certificate.toString(), "--key-file", key.toString()};
  }

  private static void pem(Path file, String what, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }

  /** Sockets with a new certificate for a host, which is also written as PEM. */
  ServerSocketFactory tls(String host) throws Exception {
    return tls(host, null);
  }

  /**
   * The same, asking for certificates.
   *
   * @param clients whose certificates are trusted and asked for; null if nobody is asked
   */
  ServerSocketFactory tls(String host, @Nullable KeyStore clients) throws Exception {
    KeyStore keys = identity("server", host);
    pem(certificate(), "CERTIFICATE", keys.getCertificate("server").getEncoded());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    if (clients == null) {
      context.init(managers.getKeyManagers(), null, null);
      return context.getServerSocketFactory();
    }
    context.init(managers.getKeyManagers(), trust(clients), null);
    return new AskingSockets(context.getServerSocketFactory());
  }

  private static TrustManager[] trust(KeyStore clients) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    String name = clients.aliases().nextElement();
    trusted.setCertificateEntry(name, clients.getCertificate(name));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  /** A new key with a certificate of its own. */
  KeyStore identity(String name, String subject) throws Exception {
    Path store = folder.resolve(name + ".p12");
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-validity",
        "2",
        "-ext",
        "SAN=" + subject,
        "-keystore",
        store.toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** Server sockets that take only clients with a certificate. */
  private static final class AskingSockets extends ServerSocketFactory {

    private final ServerSocketFactory sockets;

    AskingSockets(ServerSocketFactory sockets) {
      this.sockets = sockets;
    }

    private static ServerSocket asking(ServerSocket socket) {
      ((SSLServerSocket) socket).setNeedClientAuth(true);
      return socket;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
      return asking(sockets.createServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return asking(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return asking(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      return asking(sockets.createServerSocket(port, backlog, address));
    }
  }

  private static void keytool(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words));
    command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }
}
