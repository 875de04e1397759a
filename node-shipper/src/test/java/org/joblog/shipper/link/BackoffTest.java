package org.joblog.shipper.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

  private final Backoff backoff = new Backoff(LinkLimits.DEFAULTS, new SplittableRandom(1));

  @Test
  void waitsDoubleUpToTheLongestAndAreSpreadOverTheirUpperHalf() {
    long full = 250;
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next()).isBetween(full / 2, full);
      full = Math.min(30_000, full * 2);
    }
  }

  @Test
  void progressMakesTheNextFailureAFirstOne() {
    for (int i = 0; i < 20; i++) {
      backoff.next();
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(250);
  }

  @Test
  void whatTheServerAsksForIsSpreadToo() {
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.asked(10_000)).isBetween(5_000L, 10_000L);
    }
    assertThat(backoff.asked(0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"logs:5170,logs,5170", "10.0.0.1:1,10.0.0.1,1", "[::1]:65535,::1,65535"})
  void anAddressHasAHostAndAPort(String text, String host, int port) {
    assertThat(ServerAddress.parse(text)).isEqualTo(new ServerAddress(host, port));
    assertThat(ServerAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "logs", ":1", "logs:", "logs:0", "logs:65536", "logs:x", "::1:5", "[]:1"})
  void anythingElseIsNoAddress(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerAddress.parse(text))
        .withMessageContaining("expected: HOST:PORT");
  }
}
