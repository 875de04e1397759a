package org.joblog.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProofTest {

  private static final byte[] SECRET = {1, 2, 3};
  private static final byte[] NONCE = new byte[32];
  private static final Frame.Greeting GREETING =
      new Frame.Greeting(1, "c", "j", 0, "n", "u", 1, "", 0, 0, new byte[0], new byte[0]);

  @Test
  void holdsForTheSameSecretNonceAndGreeting() {
    assertThat(Proof.holds(SECRET, NONCE, proven(GREETING))).isTrue();
  }

  @Test
  void doesNotDependOnTheProofThatTheGreetingAlreadyHas() {
    assertThat(Proof.of(SECRET, NONCE, proven(GREETING)))
        .isEqualTo(Proof.of(SECRET, NONCE, GREETING));
  }

  @Test
  void failsForAnotherSecretNonceOrGreeting() {
    byte[] otherNonce = NONCE.clone();
    otherNonce[31] = 1;
    byte[] proof = Proof.of(SECRET, NONCE, GREETING);
    Frame.Greeting otherUser =
        new Frame.Greeting(1, "c", "j", 0, "n", "u", 2, "", 0, 0, new byte[0], proof);
    assertThat(Proof.holds(new byte[] {1, 2, 4}, NONCE, proven(GREETING))).isFalse();
    assertThat(Proof.holds(SECRET, otherNonce, proven(GREETING))).isFalse();
    assertThat(Proof.holds(SECRET, NONCE, otherUser)).isFalse();
  }

  @Test
  void anAbsentProofDoesNotHold() {
    assertThat(Proof.holds(SECRET, NONCE, GREETING)).isFalse();
  }

  private static Frame.Greeting proven(Frame.Greeting greeting) {
    return greeting.withProof(Proof.of(SECRET, NONCE, greeting));
  }
}
