package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real agent takes from a node that runs 128 captured jobs. */
class AgentFootprintTest {

  private static final int JOBS = 128;
  private static final int PIECE = 16 << 10;
  private static final long PROMISED_KIB = 120_000_000 / 1024;

  @TempDir private Path folder;

  @Test
  void aHundredAndTwentyEightStreamsFitIntoTheMemoryThatIsPromised() throws Exception {
    try (Peer peer = new Peer();
        AgentProcess agent = AgentProcess.start(folder, peer.address())) {
      peer.manners.heartbeatMillis = 10_000;
      List<RelayPeer> relays = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        RelayPeer relay = RelayPeer.of(AgentProcess.socket(folder), "job" + i);
        relay.open(0, 0, StreamKind.COMBINED);
        relays.add(relay);
      }
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

  private static long peakResidentKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
