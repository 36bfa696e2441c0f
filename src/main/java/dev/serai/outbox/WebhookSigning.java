package dev.serai.outbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhooks in three ways at once, so that a backend may verify with whatever it has:
 *
 * <ul>
 *   <li>{@code X-Nango-Signature}: hex SHA-256 of key + body (legacy: weak by construction)
 *   <li>{@code X-Nango-Hmac-Sha256}: hex HMAC-SHA256 of the body
 *   <li>Standard Webhooks: {@code webhook-id}, {@code webhook-timestamp}, {@code webhook-signature}
 *       = {@code v1,} + base64 HMAC-SHA256 of {@code id.timestamp.body}; only this one covers the
 *       id and the time, so only this one stops replays
 * </ul>
 *
 * The HMAC key is the UTF-8 text of the signing key; a Standard Webhooks library is given {@code
 * whsec_} + base64 of that text. A signing key that itself begins with {@code whsec_} is decoded,
 * as those libraries do.
 */
public final class WebhookSigning {
  private static final String STANDARD_PREFIX = "whsec_";

  private WebhookSigning() {}

  /** With a key that replaced none, or none that still signs. */
  public static Map<String, String> headers(String key, String id, Instant at, byte[] body) {
    return headers(new SigningKeys.Keys(key, null), id, at, body);
  }

  /**
   * The headers that prove a body. A replaced key signs in {@code webhook-signature} only, which
   * may hold several, separated by blanks.
   *
   * @param at the time of this attempt, not of the message: receivers refuse old ones
   */
  public static Map<String, String> headers(
      SigningKeys.Keys keys, String id, Instant at, byte[] body) {
    String key = keys.current();
    String replaced = keys.replaced();
    String timestamp = Long.toString(at.getEpochSecond());
    String signature = "v1," + standard(key, id, timestamp, body);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Nango-Signature", HexFormat.of().formatHex(legacy(key, body)));
    headers.put("X-Nango-Hmac-Sha256", HexFormat.of().formatHex(hmac(utf8(key), body)));
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", timestamp);
    headers.put(
        "webhook-signature",
        replaced == null
            ? signature
            : signature + " v1," + standard(replaced, id, timestamp, body));
    return headers;
  }

  private static byte[] legacy(String key, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(utf8(key));
      return digest.digest(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String standard(String key, String id, String timestamp, byte[] body) {
    byte[] secret =
        key.startsWith(STANDARD_PREFIX)
            ? Base64.getDecoder().decode(key.substring(STANDARD_PREFIX.length()))
            : utf8(key);
    byte[] signed = utf8(id + "." + timestamp + ".");
    byte[] whole = new byte[signed.length + body.length];
    System.arraycopy(signed, 0, whole, 0, signed.length);
    System.arraycopy(body, 0, whole, signed.length, body.length);
    return Base64.getEncoder().encodeToString(hmac(secret, whole));
  }

  private static byte[] hmac(byte[] key, byte[] content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
