package org.joblog.ingest.viewing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.joblog.ingest.net.TlsSettings;
import org.joblog.ingest.reading.JobReader;
import org.joblog.ingest.reading.ReadingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same answers over TLS. */
class ViewingTlsTest {

  private static final char[] PASSWORD = "only for this test".toCharArray();

  @TempDir private Path folder;

  @Test
  void requestsAreAnsweredOverTls() throws Exception {
    KeyStore keys = identity();
    TlsSettings tls = written(keys);
    try (JobReader reader = nowhere();
        ViewingServer server =
            ViewingServer.start(
                settings(tls), _ -> "ada", reader, InstantSource.system(), ViewingMeter.NONE);
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(keys)).build()) {
      HttpRequest login =
          HttpRequest.newBuilder(
                  URI.create("https://localhost:" + server.address().getPort() + "/v1/session"))
              .header("Authorization", "Munge any")
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> answer = client.send(login, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"user\":\"ada\"");
      }
    }
  }

  @Test
  void aFileThatIsNoCertificateStopsTheStartAndIsNamed() throws Exception {
    Path rubbish = Files.writeString(folder.resolve("rubbish.pem"), "rubbish");
    try (JobReader reader = nowhere()) {
      assertThatIOException()
          .isThrownBy(() ->
              ViewingServer.start(
                      settings(new TlsSettings(rubbish, rubbish, null)),
                      _ -> "ada",
                      reader,
                      InstantSource.system(),
                      ViewingMeter.NONE)
                  .close())
          .withMessageContaining("rubbish.pem");
    }
  }

  private static ViewingSettings settings(TlsSettings tls) {
    return new ViewingSettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        tls,
        true,
        Set.of(),
        Duration.ofHours(1),
        ViewingLimits.DEFAULT);
  }

  private static JobReader nowhere() {
    return JobReader.open(
        new ReadingSettings(
            "jdbc:postgresql://127.0.0.1:1/none",
            "nobody",
            "",
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1)));
  }

  private KeyStore identity() throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(store)) {
      keys.load(input, PASSWORD);
    }
    return keys;
  }

  private TlsSettings written(KeyStore keys) throws Exception {
    return new TlsSettings(
        pem("CERTIFICATE", keys.getCertificate("server").getEncoded()),
        pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()),
        null);
  }

  private Path pem(String what, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(der);
    return Files.writeString(
        folder.resolve(what + ".pem"),
        "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }

  private static SSLContext trusting(KeyStore keys) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
