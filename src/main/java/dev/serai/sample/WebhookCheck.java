package dev.serai.sample;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a backend knows that a webhook is from its Serai, fresh and unchanged; JDK only. */
final class WebhookCheck {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final byte[] key;
  private final InstantSource clock;

  WebhookCheck(String key, InstantSource clock) {
    this.key = key.getBytes(StandardCharsets.UTF_8);
    this.clock = clock;
  }

  /** True if both signatures fit the body and the time is near ours. */
  boolean genuine(Headers headers, byte[] body) {
    String id = text(headers, "webhook-id");
    String timestamp = text(headers, "webhook-timestamp");
    if (id.isEmpty() || !timestamp.matches("\\d{1,11}")) {
      return false;
    }
    Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    boolean fresh = Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
    byte[] prefix = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    String standard = "v1," + Base64.getEncoder().encodeToString(hmac(prefix, body));
    String simple = HexFormat.of().formatHex(hmac(new byte[0], body));
    return fresh
        && same(standard, text(headers, "webhook-signature"))
        && same(simple, text(headers, "X-Nango-Hmac-Sha256"));
  }

  private static String text(Headers headers, String name) {
    String value = headers.getFirst(name);
    return value == null ? "" : value;
  }

  private byte[] hmac(byte[] prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(prefix);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
