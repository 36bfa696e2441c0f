package dev.serai.sample.oauth;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Draws what must not be guessed, and keeps what was drawn without growing for ever. */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEPT = 200_000;

  private Secrets() {}

  /** 256 bits with a prefix that says what it is to whoever finds it. */
  static String draw(String prefix) {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Forgets the oldest beyond {@value #KEPT}. */
  static final class Kept<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > KEPT;
    }
  }
}
