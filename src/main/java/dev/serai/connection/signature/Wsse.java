package dev.serai.connection.signature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The X-WSSE header: a user name and a digest of nonce, time and password ("Atom Authentication",
 * xml.com 2003, after OASIS WSS UsernameToken 1.0).
 */
public final class Wsse {
  /** How long servers take a header, at the least: UsernameToken Profile 1.0, §3.1. */
  public static final Duration FRESH = Duration.ofMinutes(5);

  private static final SecureRandom RANDOM = new SecureRandom();

  private Wsse() {}

  /**
   * @param hexDigest the digest is written in hex before Base64
   */
  public static String header(String username, String password, boolean hexDigest, Instant now) {
    byte[] nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    String created = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return header(username, password, hexDigest, HexFormat.of().formatHex(nonce), created);
  }

  static String header(
      String username, String password, boolean hexDigest, String nonce, String created) {
    return "UsernameToken Username=\"%s\", PasswordDigest=\"%s\", Nonce=\"%s\", Created=\"%s\""
        .formatted(
            username.replace("\"", ""),
            digest(nonce + created + password, hexDigest),
            nonce,
            created);
  }

  /** What the password becomes, so that it can be told from the data. */
  private static String digest(String text, boolean hex) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      byte[] written =
          hex ? HexFormat.of().formatHex(sum).getBytes(StandardCharsets.US_ASCII) : sum;
      return Base64.getEncoder().encodeToString(written);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
