package org.joblog.shipper.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
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

  @Test
  void severalAddressesAreTriedOneAfterTheOtherAndOneThatWorksIsKept() {
    Rounds rounds = new Rounds(Servers.parse("a:1, b:2,[::1]:3"));
    assertThat(rounds.present()).hasToString("a:1");
    assertThat(rounds.leave()).isFalse();
    assertThat(rounds.present()).hasToString("b:2");
    assertThat(rounds.leave()).isFalse();
    assertThat(rounds.leave()).isTrue();
    assertThat(rounds.present()).hasToString("a:1");
    rounds.leave();
    rounds.keep();
    assertThat(rounds.present()).hasToString("b:2");
    assertThat(List.of(rounds.leave(), rounds.leave(), rounds.leave()))
        .containsExactly(false, false, true);
  }

  @Test
  void oneAddressIsARoundOfItsOwn() {
    Rounds rounds = new Rounds(Servers.parse("a:1"));
    assertThat(rounds.leave()).isTrue();
    assertThat(rounds.leave()).isTrue();
    assertThat(rounds.present()).hasToString("a:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:1,",
        ",a:1",
        "a:1,,b:1",
        "a:1 b:1",
        "a:1,b",
        "1:1,2:1,3:1,4:1,5:1,6:1,7:1,8:1,9:1"
      })
  void aListThatIsWrongIsRefusedWhole(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Servers.parse(text))
        .withMessageContaining("expected: ");
  }
}
