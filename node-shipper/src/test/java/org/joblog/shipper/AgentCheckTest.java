package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code joblog-shipper agent --check} finds out before an agent runs. */
class AgentCheckTest {

  @TempDir private Path folder;

  private Certificates certificates;

  @BeforeEach
  void prepare() throws IOException {
    certificates = new Certificates(folder);
    Files.createDirectories(folder.resolve("run"));
    Files.createDirectories(folder.resolve("spool"));
  }

  private List<String> check(String server, Duration patience, String... options) {
    List<String> words = new ArrayList<>(List.of("--server", server));
    words.addAll(List.of("--socket", folder.resolve("run/agent.sock").toString()));
    words.addAll(List.of("--spool-dir", folder.resolve("spool").toString()));
    words.addAll(List.of(options));
    AgentSettings settings = SettingsReader.ofAgent(Map.of()).options(words).agentSettings();
    ServerAccess access = new ServerAccess(settings.common(), _ -> {});
    return new AgentCheck(settings, access, patience).run();
  }

  private static String addressOfNobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  private List<String> check(Peer peer, String... options) throws IOException {
    return check(peer.address(), Duration.ofSeconds(30), options);
  }

  @Test
  void whatIsRightIsFoundRightAndLeavesNothingBehind() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "of the cluster");
    try (Peer peer = new Peer()) {
      assertThat(check(peer, "--secret-file", secret.toString())).isEmpty();
      assertThat(peer.hasGreeting()).isFalse();
    }
    assertThat(folder.resolve("run")).isEmptyDirectory();
    assertThat(folder.resolve("spool")).isEmptyDirectory();
  }

  @Test
  void aServerThatDoesNotListenIsNamed() throws Exception {
    String address = addressOfNobody();
    assertThat(check(address, Duration.ofSeconds(30)))
        .singleElement()
        .asString()
        .startsWith("server: " + address + ": Connection refused")
        .contains("expected: a joblog server");
  }

  @Test
  void oneServerOfSeveralThatAnswersIsEnough() throws Exception {
    String nobody = addressOfNobody();
    try (Peer peer = new Peer()) {
      assertThat(check(nobody + "," + peer.address(), Duration.ofSeconds(30))).isEmpty();
    }
    assertThat(check(nobody + "," + addressOfNobody(), Duration.ofSeconds(30)))
        .hasSize(2)
        .allMatch(line -> line.startsWith("server: 127.0.0.1:"));
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForLong() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + socket.getLocalPort();
      assertThat(check(address, Duration.ofMillis(100)))
          .singleElement()
          .asString()
          .contains("connected, and not a word");
    }
  }

  @Test
  void theHandshakeIsTried() throws Exception {
    try (Peer peer = new Peer(certificates.tls("ip:127.0.0.1"))) {
      String trusted = certificates.certificate().toString();
      assertThat(check(peer, "--tls", "--ca-file", trusted)).isEmpty();
      assertThat(check(peer, "--tls"))
          .singleElement()
          .asString()
          .startsWith("server: ")
          .contains("certificate");
    }
  }

  @Test
  void aCertificateForAnotherHostIsFoundOut() throws Exception {
    try (Peer peer = new Peer(certificates.tls("dns:elsewhere.example"))) {
      assertThat(check(peer, "--tls", "--ca-file", certificates.certificate().toString()))
          .singleElement()
          .asString()
          .startsWith("server: ")
          .contains("a certificate for this name");
    }
  }

  @Test
  void tlsThatTheServerDoesNotSpeakIsFoundOut() throws Exception {
    try (Peer peer = new Peer()) {
      assertThat(check(peer, "--tls")).singleElement().asString().contains("with TLS 1.3");
    }
  }

  @Test
  void aServerThatAsksForACertificateDoesNotTakeAStrangers() throws Exception {
    KeyStore node = certificates.identity("node", "dns:node");
    KeyStore stranger = certificates.identity("stranger", "dns:stranger");
    try (Peer peer = new Peer(certificates.tls("ip:127.0.0.1", node))) {
      String trusted = certificates.certificate().toString();
      assertThat(check(peer, with(certificates.shown(node), "--tls", "--ca-file", trusted)))
          .isEmpty();
      assertThat(check(peer, with(certificates.shown(stranger), "--tls", "--ca-file", trusted)))
          .singleElement()
          .asString()
          .startsWith("server: ");
    }
  }

  private static String[] with(String[] some, String... others) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  @Test
  void filesThatAreNotWhatTheyShouldBeAreNamed() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty"), "");
    Path noise = Files.writeString(folder.resolve("noise"), "not a key");
    String[] node = certificates.shown(certificates.identity("node", "dns:node"));
    try (Peer peer = new Peer()) {
      assertThat(check(peer, "--secret-file", "/nowhere"))
          .containsExactly("secret-file: /nowhere: there is no such file");
      assertThat(check(peer, "--secret-file", empty.toString()))
          .containsExactly("secret-file: " + empty + " is empty (expected: the cluster's secret)");
      assertThat(check(peer, "--tls", "--ca-file", "/nowhere"))
          .containsExactly("tls: /nowhere: there is no such file");
      assertThat(check(peer, "--tls", "--ca-file", empty.toString()))
          .containsExactly("tls: " + empty + ": no certificate (expected: certificates in PEM)");
      assertThat(check(peer, "--tls", "--cert-file", node[1], "--key-file", noise.toString()))
          .containsExactly(
              "tls: " + noise + ": no key (expected: PEM, PKCS#8, EC as its certificate)");
      assertThat(check(peer, "--key-file", node[3]))
          .containsExactly("cert-file, key-file: one of them (expected: both, or none)");
      assertThat(check(peer, "--ca-file", node[1]))
          .containsExactly("tls: false (expected: true, where ca-file or cert-file is set)");
    }
  }

  @Test
  void foldersThatCannotBeWrittenToAreNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (Peer peer = new Peer()) {
      assertThat(check(peer, "--spool-dir", folder.resolve("missing").toString()))
          .singleElement()
          .asString()
          .startsWith("spool-dir: " + folder.resolve("missing"));
      assertThat(check(peer, "--socket", file.resolve("agent.sock").toString()))
          .singleElement()
          .asString()
          .startsWith("socket: " + file);
    }
  }
}
