package org.joblog.ingest.viewing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are long, and people who do not take them. */
class SlowReadersTest {

  private static final int LINES = 10_000;

  /** Far more than a connection's buffers hold. */
  private static final String LONG_ANSWER = "/v1/jobs/1/log?newest=" + LINES;

  private ViewingRig rig;
  private String ada;

  private void start(ViewingLimits limits) throws Exception {
    rig = new ViewingRig(limits);
    rig.print(rig.job("1", "ada"), LINES);
    rig.job("2", "bob");
    ada = rig.tokenOf("ada");
  }

  private static ViewingLimits limits(int connections, Duration patience, Duration idle) {
    ViewingLimits usual = ViewingLimits.DEFAULT;
    return new ViewingLimits(
        connections,
        2,
        patience,
        idle,
        usual.bodyBytes(),
        usual.lineBytes(),
        usual.headerBytes(),
        usual.sessions(),
        usual.sessionsPerPerson(),
        usual.link());
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Socket ask(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout(60_000);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.address().getPort()));
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer "
            + ada
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  private static String rest(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException e) {
      return "cut off";
    }
  }

  @Test
  void aLongAnswerComesWholeInPiecesOfBoundedSize() throws Exception {
    start(ViewingLimits.DEFAULT);
    HttpResponse<String> answer = rig.get(LONG_ANSWER, ada);

    assertThat(answer.headers().firstValue("transfer-encoding")).contains("chunked");
    assertThat(answer.body().lines()).hasSize(LINES).allMatch(line -> line.endsWith("}"));
    HttpResponse<String> packed =
        rig.send(
            "GET", LONG_ANSWER, "", "Authorization", "Bearer " + ada, "Accept-Encoding", "gzip");
    assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(packed.body().length()).isLessThan(answer.body().length() / 10);
  }

  @Test
  void whoDoesNotReadHasNoMoreThanTheirPlacesAndHoldsUpNobodyElse() throws Exception {
    start(limits(100, Duration.ofMillis(300), Duration.ofSeconds(60)));
    try (Socket _ = ask(LONG_ANSWER);
        Socket second = ask(LONG_ANSWER)) {
      assertThat(second.getInputStream().read()).isEqualTo('H');
      String bob = rig.tokenOf("bob");
      assertThat(rig.get("/v1/jobs", bob).body().lines()).hasSize(1);
    }
  }

  @Test
  void whoAsksTooMuchAtOnceIsToldSo() throws Exception {
    start(limits(100, Duration.ofMillis(300), Duration.ofSeconds(60)));
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        Socket socket = ask(LONG_ANSWER);
        silent.add(socket);
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      HttpResponse<String> third = rig.get("/v1/jobs", ada);

      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(third.body()).contains("too many requests of ada at once (expected: at most 2)");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void whoDoesNotReadForTooLongIsCutOff() throws Exception {
    start(limits(100, Duration.ofSeconds(60), Duration.ofMillis(500)));
    try (Socket first = ask(LONG_ANSWER);
        Socket second = ask(LONG_ANSWER)) {
      assertThat(first.getInputStream().read()).isEqualTo('H');
      assertThat(second.getInputStream().read()).isEqualTo('H');
      // Both places are taken until one of the silent ones is cut off.
      assertThat(rig.get("/v1/jobs", ada).statusCode()).isEqualTo(200);
      assertThat(List.of(rest(first), rest(second)))
          .anyMatch(answer -> !answer.endsWith("\r\n0\r\n\r\n"));
    }
  }

  @Test
  void anAnswerThatBreaksOffHasNoLastChunk() throws Exception {
    start(ViewingLimits.DEFAULT);
    try (Socket whole = ask(LONG_ANSWER);
        Socket broken = ask(LONG_ANSWER)) {
      assertThat(rest(whole)).startsWith("HTTP/1.1 200").endsWith("\r\n0\r\n\r\n");
      assertThat(broken.getInputStream().read()).isEqualTo('H');
      rig.postgres.killBackends();
      assertThat(rest(broken)).doesNotEndWith("\r\n0\r\n\r\n");
    }
    // The login, the whole answer, and the one that broke off.
    await().untilAsserted(() -> assertThat(rig.outcomes).containsExactly(200, 200, 500));
  }

  @Test
  void aConnectionAboveTheBoundIsClosed() throws Exception {
    start(limits(3, Duration.ofSeconds(60), Duration.ofSeconds(60)));
    try (Socket _ = ask(LONG_ANSWER);
        Socket open = ask(LONG_ANSWER)) {
      assertThat(open.getInputStream().read()).isEqualTo('H');
      try (Socket further = new Socket(InetAddress.getLoopbackAddress(), rig.address().getPort())) {
        further.setSoTimeout(60_000);
        assertThat(further.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
