package dev.serai.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What is stored of an API key or a session token. They are long and random, so one round of
 * SHA-256 is enough; a look-up by hash leaks nothing of the key by its timing.
 */
public final class KeyHash {
  private KeyHash() {}

  public static byte[] of(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes the same time wherever the difference is. */
  public static boolean matches(byte[] hash, String key) {
    return MessageDigest.isEqual(hash, of(key));
  }
}
