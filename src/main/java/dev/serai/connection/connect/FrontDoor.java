package dev.serai.connection.connect;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What an environment asks of pages that come with its public key, which everybody can read.
 *
 * @param hmacKey null: none was set; {@code toString} never shows it
 * @param callbackUrl where providers send browsers back to; null: our own
 */
public record FrontDoor(
    int environment,
    String name,
    UUID publicKey,
    @Nullable String hmacKey,
    boolean hmacEnabled,
    @Nullable String callbackUrl) {

  /** What a backend signs for its page: hex of HMAC-SHA256 over {@code key:connectionId}. */
  public static String sign(String hmacKey, String integration, @Nullable String connectionId) {
    String text =
        Stream.of(integration, connectionId == null ? "" : connectionId)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(":"));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(hmacKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Lets a page in, or throws.
   *
   * @return true if the backend has signed for this very connection, false if nobody has
   */
  public boolean admits(String integration, @Nullable String connectionId, Optional<String> hmac) {
    String key = hmacKey;
    if (!hmacEnabled || key == null) {
      if (!name.equals("dev")) {
        throw new ConnectRefused(
            "deprecated_authentication",
            "The public key alone opens the environment dev only: use a connect session, or enable"
                + " HMAC");
      }
      return false;
    }
    String given =
        hmac.orElseThrow(() ->
            new ConnectRefused(
                "missing_hmac", "This environment needs an HMAC beside its public key"));
    byte[] expected = sign(key, integration, connectionId).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      throw new ConnectRefused("invalid_hmac", "The HMAC does not fit this connection");
    }
    return true;
  }

  @Override
  public String toString() {
    return "FrontDoor[" + name + "]";
  }
}
