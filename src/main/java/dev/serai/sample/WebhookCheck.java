package dev.serai.sample;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.stream.Stream;
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

  /**
   * True if a signature fits id, time and body, and the time is near ours. There are several while
   * a new signing key takes the place of an old one.
   */
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
    return fresh
        && Stream.of(text(headers, "webhook-signature").split(" "))
            .anyMatch(given -> same(standard, given));
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
