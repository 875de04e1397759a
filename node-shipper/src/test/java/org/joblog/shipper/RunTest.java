package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A wrapped command and a server that behaves. */
class RunTest {

  @RegisterExtension private final Stage stage = new Stage();

  @Test
  void whatIsPrintedGoesToItsFilesAndToTheServer() throws Exception {
    Wrapped.Result result = stage.wrapped().sh("echo out; echo err >&2; exit 3");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).asString().isEqualTo("out\n");
    assertThat(result.err()).asString().isEqualTo("err\n");
    Frame.EndOfJob end = stage.peer().awaitEnd();
    assertThat(end.exitCode()).isEqualTo(3);
    assertThat(end.signal()).isZero();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).asString().isEqualTo("out\n");
    assertThat(stage.peer().bytes(StreamKind.STDERR)).asString().isEqualTo("err\n");
    assertThat(stage.peer().hasEnded(StreamKind.STDOUT)).isTrue();
    assertThat(stage.peer().connections()).isEqualTo(1);
  }

  @Test
  void outputsThatGoToOneFileKeepTheirOrder() throws Exception {
    String script = "i=0; while [ $i -lt 3000 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done";
    Wrapped.Result result = stage.wrapped().merged().sh(script);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      expected.append("o").append(i).append("\ne").append(i).append("\n");
    }
    assertThat(result.out()).asString().isEqualTo(expected.toString());
    stage.peer().awaitEnd();
    assertThat(stage.peer().bytes(StreamKind.COMBINED)).isEqualTo(result.out());
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEmpty();
  }

  @Test
  void bytesThatAreNoTextAndNoLinesArriveAsTheyAre() throws Exception {
    Wrapped.Result result =
        stage.wrapped().sh("head -c 3000000 /dev/urandom; printf '\\r\\0\\377'");
    assertThat(result.out()).hasSize(3_000_003).endsWith('\r', 0, 0xff);
    stage.peer().awaitEnd();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @Test
  void theGreetingSaysWhoAndWhat() throws Exception {
    stage
        .wrapped()
        .with("SLURM_JOB_ID", "77")
        .with("SLURM_CLUSTER_NAME", "alpha")
        .with("SLURM_JOB_NAME", "train me")
        .with("SLURMD_NODENAME", "n17")
        .sh("exit 0");
    stage.peer().awaitEnd();
    Frame.Greeting greeting = stage.peer().greeting();
    assertThat(greeting.cluster()).isEqualTo("alpha");
    assertThat(greeting.job()).isEqualTo("77");
    assertThat(greeting.node()).isEqualTo("n17");
    assertThat(greeting.jobName()).isEqualTo("train me");
    assertThat(greeting.user()).isEqualTo(System.getProperty("user.name"));
    assertThat(new String(greeting.optIn(), StandardCharsets.UTF_8)).isEqualTo("mode: enabled\n");
  }
}
