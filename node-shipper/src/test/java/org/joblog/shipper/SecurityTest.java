package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Proof;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster's secret, and TLS. */
class SecurityTest {

  private static final String PASSWORD = "only for this test";

  @TempDir private Path folder;

  @Test
  void theSecretIsProvenAndNeverShown() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "  a secret of the cluster\n");
    try (Peer peer = new Peer()) {
      Wrapped.Result result =
          Wrapped.optedIn(folder)
              .option("--server", peer.address(), "--secret-file", secret.toString())
              .sh("env; cat /proc/$PPID/cmdline");
      peer.awaitEnd();
      byte[] bare = "a secret of the cluster".getBytes(StandardCharsets.UTF_8);
      assertThat(Proof.holds(bare, peer.nonce(), peer.greeting())).isTrue();
      assertThat(result.out()).asString().doesNotContain("a secret of");
    }
  }

  @Test
  void aSecretThatCannotBeReadLetsTheCommandRunPlainly() throws Exception {
    try (Peer peer = new Peer()) {
      Wrapped.Result result =
          Wrapped.optedIn(folder)
              .option("--server", peer.address(), "--secret-file", "/nowhere/secret")
              .sh("echo out; exit 4");
      assertThat(result.exit()).isEqualTo(4);
      assertThat(result.out()).asString().isEqualTo("out\n");
      assertThat(result.err()).isEmpty();
      assertThat(peer.connections()).isZero();
    }
  }

  @Test
  void aServerWithATrustedCertificateGetsEverything() throws Exception {
    try (Peer peer = new Peer(tls("IP:127.0.0.1"))) {
      Wrapped.Result result = tlsWrapped(peer).sh("seq 300000; exit 3");
      assertThat(result.exit()).isEqualTo(3);
      peer.awaitEnd();
      assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
    }
  }

  @Test
  void aCertificateForAnotherHostGetsNothing() throws Exception {
    try (Peer peer = new Peer(tls("DNS:elsewhere.example"))) {
      assertThat(tlsWrapped(peer).sh("echo out; exit 3").exit()).isEqualTo(3);
      assertThat(peer.hasGreeting()).isFalse();
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForGetsNothing() throws Exception {
    try (Peer peer = new Peer(tls("IP:127.0.0.1"))) {
      Wrapped.Result result =
          Wrapped.optedIn(folder).option("--server", peer.address(), "--tls").sh("exit 3");
      assertThat(result.exit()).isEqualTo(3);
      assertThat(peer.hasGreeting()).isFalse();
    }
  }

  @Test
  void aServerThatAsksWhoTheNodeIsGetsItsCertificate() throws Exception {
    KeyStore node = identity("node", "DNS:n1.example");
    try (Peer peer = new Peer(tls("IP:127.0.0.1", node))) {
      Wrapped.Result result = tlsWrapped(peer).option(shown(node)).sh("seq 100000; exit 3");
      assertThat(result.exit()).isEqualTo(3);
      peer.awaitEnd();
      assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
    }
  }

  @Test
  void aNodeWithoutTheCertificateThatTheServerWantsRunsTheCommandAndShipsNothing()
      throws Exception {
    KeyStore stranger = identity("stranger", "DNS:n2.example");
    try (Peer peer = new Peer(tls("IP:127.0.0.1", identity("node", "DNS:n1.example")))) {
      Wrapped.Result without = tlsWrapped(peer).option("--drain", "1").sh("echo out; exit 3");
      assertThat(without.exit()).isEqualTo(3);
      Wrapped.Result other =
          tlsWrapped(peer).option("--drain", "1").option(shown(stranger)).sh("echo out; exit 4");
      assertThat(other.exit()).isEqualTo(4);
      assertThat(other.out()).asString().isEqualTo("out\n");
      assertThat(peer.hasGreeting()).isFalse();
    }
  }

  private Wrapped tlsWrapped(Peer peer) throws IOException {
    return Wrapped.optedIn(folder)
        .option("--server", peer.address(), "--tls", "--ca-file", certificate().toString())
        .option("--drain", "60");
  }

  private Path certificate() {
    return folder.resolve("server.pem");
  }

  /** The options with which a node shows who it is. */
  private String[] shown(KeyStore identity) throws Exception {
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

  private ServerSocketFactory tls(String host) throws Exception {
    return tls(host, null);
  }

  /**
   * Sockets with a new certificate for a host, which is also written as PEM.
   *
   * @param clients whose certificates are trusted and asked for; null if nobody is asked
   */
  private ServerSocketFactory tls(String host, @Nullable KeyStore clients) throws Exception {
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
  private KeyStore identity(String name, String subject) throws Exception {
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
