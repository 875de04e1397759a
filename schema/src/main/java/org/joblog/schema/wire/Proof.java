package org.joblog.schema.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof that a shipper knows the cluster's secret, bound to one connection by the server's nonce:
 * HMAC-SHA256 under the secret over a label, the nonce, and the greeting's body with an empty
 * proof. Safe for use by many threads.
 */
public final class Proof {

  private static final byte[] LABEL = "joblog greeting 1\n".getBytes(StandardCharsets.US_ASCII);

  private Proof() {}

  /**
   * The proof for a greeting.
   *
   * @param secret the cluster's secret, at least one byte
   * @param nonce the nonce of the server's challenge
   * @param greeting what is to be vouched for; its own proof does not matter
   * @return 32 bytes
   */
  public static byte[] of(byte[] secret, byte[] nonce, Frame.Greeting greeting) {
    Frame.Greeting bare = greeting.withProof(new byte[0]);
    ByteBuffer body = ByteBuffer.allocate(BodyWriter.bodyBytes(bare));
    BodyWriter.write(bare, body);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(LABEL);
      mac.update(nonce);
      return mac.doFinal(body.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is missing from this Java runtime", e);
    }
  }

  /** Whether a greeting's proof is right; takes as long for a wrong one as for a right one. */
  public static boolean holds(byte[] secret, byte[] nonce, Frame.Greeting greeting) {
    return MessageDigest.isEqual(of(secret, nonce, greeting), greeting.proof());
  }
}
