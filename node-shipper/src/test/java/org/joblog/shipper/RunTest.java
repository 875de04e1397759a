package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrapped command and a server that behaves. */
class RunTest {

  @TempDir private Path folder;
  private Peer peer;

  @BeforeEach
  void listen() throws IOException {
    peer = new Peer();
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  private Wrapped wrapped() throws IOException {
    return Wrapped.optedIn(folder).option("--server", peer.address());
  }

  @Test
  void whatIsPrintedGoesToItsFilesAndToTheServer() throws Exception {
    Wrapped.Result result = wrapped().sh("echo out; echo err >&2; exit 3");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).asString().isEqualTo("out\n");
    assertThat(result.err()).asString().isEqualTo("err\n");
    Frame.EndOfJob end = peer.awaitEnd();
    assertThat(end.exitCode()).isEqualTo(3);
    assertThat(end.signal()).isZero();
    assertThat(peer.bytes(StreamKind.STDOUT)).asString().isEqualTo("out\n");
    assertThat(peer.bytes(StreamKind.STDERR)).asString().isEqualTo("err\n");
    assertThat(peer.hasEnded(StreamKind.STDOUT)).isTrue();
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void outputsThatGoToOneFileKeepTheirOrder() throws Exception {
    String script = "i=0; while [ $i -lt 3000 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done";
    Wrapped.Result result = wrapped().merged().sh(script);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      expected.append("o").append(i).append("\ne").append(i).append("\n");
    }
    assertThat(result.out()).asString().isEqualTo(expected.toString());
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.COMBINED)).isEqualTo(result.out());
    assertThat(peer.bytes(StreamKind.STDOUT)).isEmpty();
  }

  @Test
  void bytesThatAreNoTextAndNoLinesArriveAsTheyAre() throws Exception {
    Wrapped.Result result = wrapped().sh("head -c 3000000 /dev/urandom; printf '\\r\\0\\377'");
    assertThat(result.out()).hasSize(3_000_003).endsWith('\r', 0, 0xff);
    peer.awaitEnd();
    assertThat(peer.bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void theGreetingSaysWhoAndWhat() throws Exception {
    wrapped()
        .with("SLURM_JOB_ID", "77")
        .with("SLURM_CLUSTER_NAME", "alpha")
        .with("SLURM_JOB_NAME", "train me")
        .with("SLURMD_NODENAME", "n17")
        .sh("exit 0");
    peer.awaitEnd();
    Frame.Greeting greeting = peer.greeting();
    assertThat(greeting.cluster()).isEqualTo("alpha");
    assertThat(greeting.job()).isEqualTo("77");
    assertThat(greeting.node()).isEqualTo("n17");
    assertThat(greeting.jobName()).isEqualTo("train me");
    assertThat(greeting.user()).isEqualTo(System.getProperty("user.name"));
    assertThat(new String(greeting.optIn(), StandardCharsets.UTF_8)).isEqualTo("mode: enabled\n");
  }
}
