package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.joblog.schema.log.StreamKind;
import org.joblog.shipper.relay.RelayLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real agent takes from a node that runs 128 captured jobs. */
class AgentFootprintTest {

  private static final int JOBS = 128;
  private static final int PIECE = 16 << 10;
  private static final long PROMISED_KIB = 120_000_000 / 1024;

  /** What the service file allows is 256 MB; the files of the spool count there, too. */
  private static final long MOST_KIB = 200_000_000 / 1024;

  @TempDir private Path folder;

  @Test
  void aHundredAndTwentyEightStreamsFitIntoTheMemoryThatIsPromised() throws Exception {
    try (Peer peer = new Peer();
        AgentProcess agent = AgentProcess.start(folder, peer.address())) {
      peer.manners.heartbeatMillis = 10_000;
      List<RelayPeer> relays = connect(JOBS);
      for (int piece = 0; piece < 8; piece++) {
        for (RelayPeer relay : relays) {
          relay.send(0, (long) piece * PIECE, new byte[PIECE]);
        }
      }
      for (RelayPeer relay : relays) {
        relay.awaitAck(0, 8L * PIECE);
      }
      assertThat(peakResidentKib(agent.pid())).isLessThan(PROMISED_KIB);
      for (RelayPeer relay : relays) {
        relay.close();
      }
    }
  }

  @Test
  void asManyJobsAsThereMayBeFitEvenWithTlsWhileTheServerReadsNothing() throws Exception {
    Certificates certificates = new Certificates(folder);
    int most = RelayLimits.DEFAULTS.relays();
    try (Peer peer = new Peer(certificates.tls("ip:127.0.0.1"));
        AgentProcess agent =
            AgentProcess.start(
                folder,
                peer.address(),
                "--tls",
                "--ca-file",
                certificates.certificate().toString())) {
      peer.manners.heartbeatMillis = 10_000;
      List<RelayPeer> relays = connect(most);
      peer.manners.holding = true;
      for (RelayPeer relay : relays) {
        for (int piece = 0; piece < 8; piece++) {
          relay.send(0, (long) piece * PIECE, new byte[PIECE]);
        }
        relay.end(0, 8L * PIECE, 0);
      }
      RelayPeer oneMore = RelayPeer.connect(AgentProcess.socket(folder));
      oneMore.awaitClosed();
      assertThat(oneMore.isChallenged()).isFalse();
      peer.manners.holding = false;
      relays.forEach(RelayPeer::awaitEndAck);
      assertThat(peer.offset(StreamKind.COMBINED)).isEqualTo(most * 8L * PIECE);
      assertThat(peer.gaps(StreamKind.COMBINED)).isEmpty();
      assertThat(agent.log()).doesNotContain("OutOfMemory");
      assertThat(peakResidentKib(agent.pid())).isLessThan(MOST_KIB);
      for (RelayPeer relay : relays) {
        relay.close();
      }
    }
  }

  private List<RelayPeer> connect(int count) throws IOException {
    List<RelayPeer> relays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RelayPeer relay = RelayPeer.of(AgentProcess.socket(folder), "job" + i);
      relay.open(0, 0, StreamKind.COMBINED);
      relays.add(relay);
    }
    return relays;
  }

  private static long peakResidentKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
