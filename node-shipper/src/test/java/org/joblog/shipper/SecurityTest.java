package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Proof;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster's secret, and TLS. */
class SecurityTest {

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
    try (Peer peer = new Peer(certificates().tls("IP:127.0.0.1"))) {
      Wrapped.Result result = tlsWrapped(peer).sh("seq 300000; exit 3");
      assertThat(result.exit()).isEqualTo(3);
      peer.awaitEnd();
      assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
    }
  }

  @Test
  void aCertificateForAnotherHostGetsNothing() throws Exception {
    try (Peer peer = new Peer(certificates().tls("DNS:elsewhere.example"))) {
      assertThat(tlsWrapped(peer).sh("echo out; exit 3").exit()).isEqualTo(3);
      assertThat(peer.hasGreeting()).isFalse();
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForGetsNothing() throws Exception {
    try (Peer peer = new Peer(certificates().tls("IP:127.0.0.1"))) {
      Wrapped.Result result =
          Wrapped.optedIn(folder).option("--server", peer.address(), "--tls").sh("exit 3");
      assertThat(result.exit()).isEqualTo(3);
      assertThat(peer.hasGreeting()).isFalse();
    }
  }

  @Test
  void aServerThatAsksWhoTheNodeIsGetsItsCertificate() throws Exception {
    KeyStore node = certificates().identity("node", "DNS:n1.example");
    try (Peer peer = new Peer(certificates().tls("IP:127.0.0.1", node))) {
      Wrapped.Result result =
          tlsWrapped(peer).option(certificates().shown(node)).sh("seq 100000; exit 3");
      assertThat(result.exit()).isEqualTo(3);
      peer.awaitEnd();
      assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
    }
  }

  @Test
  void aNodeWithoutTheCertificateThatTheServerWantsRunsTheCommandAndShipsNothing()
      throws Exception {
    KeyStore stranger = certificates().identity("stranger", "DNS:n2.example");
    try (Peer peer =
        new Peer(
            certificates()
                .tls("IP:127.0.0.1", certificates().identity("node", "DNS:n1.example")))) {
      Wrapped.Result without = tlsWrapped(peer).option("--drain", "1").sh("echo out; exit 3");
      assertThat(without.exit()).isEqualTo(3);
      Wrapped.Result other =
          tlsWrapped(peer)
              .option("--drain", "1")
              .option(certificates().shown(stranger))
              .sh("echo out; exit 4");
      assertThat(other.exit()).isEqualTo(4);
      assertThat(other.out()).asString().isEqualTo("out\n");
      assertThat(peer.hasGreeting()).isFalse();
    }
  }

  private Wrapped tlsWrapped(Peer peer) throws IOException {
    return Wrapped.optedIn(folder)
        .option(
            "--server",
            peer.address(),
            "--tls",
            "--ca-file",
            certificates().certificate().toString())
        .option("--drain", "60");
  }

  private Certificates certificates() {
    return new Certificates(folder);
  }
}
