package org.joblog.ingest.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is printed, cuts, checkpoints and onlookers change nothing. */
class ChunkingTest {

  private static final int ROUNDS = 1500;

  @ParameterizedTest
  @EnumSource(Probe.class)
  void randomOutputIsRenderedTheSameForRandomCuts(Probe probe) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] output = new RandomOutput(seed).everything(2 + random.nextInt(40));
      Terminal whole = new Terminal(Probe.NONE);
      whole.push(output, 0, output.length);
      whole.end();
      Terminal cut = new Terminal(probe);
      int most = 1 + random.nextInt(8);
      for (int from = 0; from < output.length; ) {
        int to = Math.min(output.length, from + 1 + random.nextInt(most));
        cut.pushCopy(output, from, to);
        from = to;
      }
      cut.end();
      assertThat(cut.log())
          .as(() ->
              HexFormat.of().formatHex(output) + " " + new String(output, StandardCharsets.UTF_8))
          .isEqualTo(whole.log());
    }
  }

  @ParameterizedTest
  @EnumSource(Probe.class)
  void theLiveRowsAreWhatWouldBecomeFinalNow(Probe probe) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] output = new RandomOutput(seed).everything(30);
      Terminal terminal = new Terminal(probe);
      terminal.push(output, 0, output.length);
      String live = terminal.live();
      terminal.commit();
      assertThat(terminal.text()).as("seed %d", seed).isEqualTo(live);
    }
  }
}
