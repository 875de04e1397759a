package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Proof;
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

  private Wrapped tlsWrapped(Peer peer) throws IOException {
    return Wrapped.optedIn(folder)
        .option("--server", peer.address(), "--tls", "--ca-file", certificate().toString())
        .option("--drain", "60");
  }

  private Path certificate() {
    return folder.resolve("server.pem");
  }

  /** Sockets with a new certificate for a host, which is also written as PEM. */
  private ServerSocketFactory tls(String host) throws Exception {
    Path store = folder.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=peer",
        "-validity",
        "2",
        "-ext",
        "SAN=" + host,
        "-keystore",
        store.toString());
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "server",
        "-keystore",
        store.toString(),
        "-file",
        certificate().toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
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
