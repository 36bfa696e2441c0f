package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.CanonicalJson.Unstorable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The fingerprint that says whether a record changed: the first 16 bytes of SHA-256 over its {@link
 * CanonicalJson}. Key order, number spelling and escapes make no difference; one digit does. One
 * thread at a time.
 */
final class CanonicalHash {
  static final int LENGTH = 16;

  private final MessageDigest sha256 = sha256();

  byte[] of(byte[] canonical, int offset, int length) {
    sha256.update(canonical, offset, length);
    return Arrays.copyOf(sha256.digest(), LENGTH);
  }

  /** The hash of any value. */
  static byte[] of(JsonNode node) throws Unstorable {
    CanonicalJson json = new CanonicalJson();
    json.append(node);
    return new CanonicalHash().of(json.buffer(), 0, json.length());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
