package dev.serai.inbox;

import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Encoding;
import dev.serai.provider.WebhookSpec.Match;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Secret;
import dev.serai.provider.WebhookSpec.SignedPart;
import dev.serai.provider.WebhookSpec.Timestamp;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a provider signed, put together again from what came in (HMAC: RFC 2104). */
final class SignedText {
  private SignedText() {}

  /** Empty if a part of it is not there. */
  static Optional<byte[]> of(WebhookSpec spec, Proof.Hmac hmac, Arrival arrival) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(arrival.body().length + 128);
    for (SignedPart part : hmac.signed()) {
      Optional<byte[]> bytes =
          switch (part) {
            case SignedPart.Body() -> Optional.of(arrival.body());
            case SignedPart.Text(String text) -> bytes(Optional.of(text));
            case SignedPart.Header(String name) -> bytes(arrival.headers().first(name));
            case SignedPart.Timestamp() -> bytes(timestamp(spec, arrival));
            case SignedPart.Method() -> bytes(Optional.of(arrival.method()));
            case SignedPart.Url() -> bytes(Optional.of(arrival.url()));
          };
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      out.writeBytes(bytes.get());
    }
    return Optional.of(out.toByteArray());
  }

  private static Optional<byte[]> bytes(Optional<String> text) {
    return text.map(value -> value.getBytes(StandardCharsets.UTF_8));
  }

  /** The time as it came. */
  static Optional<String> timestamp(WebhookSpec spec, Arrival arrival) {
    Timestamp declared = spec.timestamp();
    if (declared == null) {
      return Optional.empty();
    }
    if (declared.place() != null) {
      return arrival.text(declared.place());
    }
    return spec.proof() instanceof Proof.Hmac hmac
        ? Proofs.values(hmac, arrival).stream()
            .filter(value -> value.startsWith(declared.prefix()))
            .map(value -> value.substring(declared.prefix().length()))
            .findFirst()
        : Optional.empty();
  }

  static String hmac(Proof.Hmac scheme, String secret, byte[] signed) {
    try {
      Mac mac = Mac.getInstance(scheme.algorithm().jca());
      mac.init(new SecretKeySpec(key(scheme.secret(), secret), scheme.algorithm().jca()));
      byte[] sum = mac.doFinal(signed);
      return scheme.encoding() == Encoding.BASE64
          ? Base64.getEncoder().encodeToString(sum)
          : HexFormat.of().formatHex(sum);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no " + scheme.algorithm().jca(), e);
    }
  }

  private static byte[] key(Secret declared, String secret) {
    String text =
        secret.startsWith(declared.prefix())
            ? secret.substring(declared.prefix().length())
            : secret;
    try {
      return switch (declared.encoding()) {
        case TEXT -> text.getBytes(StandardCharsets.UTF_8);
        case HEX -> HexFormat.of().parseHex(text);
        case BASE64 -> Base64.getDecoder().decode(text);
      };
    } catch (IllegalArgumentException e) {
      throw new UnusableSecret(declared.encoding());
    }
  }

  /**
   * Names a delivery within its integration: by the provider's id, else by what was signed, for
   * equal deliveries are signed over equal bytes. Who it is addressed to belongs to it where the
   * address says so: one event may come for several connections.
   */
  static String delivery(WebhookSpec spec, Arrival arrival) {
    Place id = spec.delivery();
    Optional<String> given = id == null ? Optional.empty() : arrival.text(id);
    MessageDigest digest = sha256();
    digest.update(given.isPresent() ? (byte) 1 : (byte) 0);
    addressed(spec, arrival).ifPresent(digest::update);
    digest.update((byte) 0);
    digest.update(
        given
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .orElseGet(() -> signed(spec, arrival)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] signed(WebhookSpec spec, Arrival arrival) {
    return spec.proof() instanceof Proof.Hmac hmac
        ? of(spec, hmac, arrival).orElse(arrival.body())
        : arrival.body();
  }

  private static Optional<byte[]> addressed(WebhookSpec spec, Arrival arrival) {
    return spec.match() instanceof Match.By by && !(by.place() instanceof Place.Path)
        ? bytes(arrival.text(by.place()))
        : Optional.empty();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
