package dev.serai.inbox;

import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Match;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Secret;
import dev.serai.provider.WebhookSpec.SignedPart;
import dev.serai.provider.WebhookSpec.Timestamp;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What a provider signed, put together again from what came in (HMAC: RFC 2104). */
final class SignedText {
  private SignedText() {}

  /**
   * Empty if a part of it is not there.
   *
   * @param secret stands where a digest has it
   */
  static Optional<byte[]> of(
      WebhookSpec spec, Proof.Signature proof, Arrival arrival, String secret) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(arrival.body().length + 128);
    for (SignedPart part : proof.signed()) {
      Optional<byte[]> bytes =
          switch (part) {
            case SignedPart.Body() -> Optional.of(arrival.body());
            case SignedPart.SharedSecret() -> bytes(Optional.of(secret));
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
    return spec.proof() instanceof Proof.Signature signature
        ? Proofs.values(signature, arrival).stream()
            .filter(value -> value.startsWith(declared.prefix()))
            .map(value -> value.substring(declared.prefix().length()))
            .findFirst()
        : Optional.empty();
  }

  /**
   * Names a delivery within its integration: by the provider's id, else by what was signed, for
   * equal deliveries are signed over equal bytes. Who it is addressed to belongs to it where the
   * address says so: one event may come for several connections. And so does whose secrets proved
   * it: nobody must be able to use up the ids of somebody else's deliveries.
   *
   * @param provenBy connections by whose own secrets; empty: not by connection
   */
  static String delivery(WebhookSpec spec, Arrival arrival, List<Long> provenBy) {
    Place id = spec.delivery();
    Optional<String> given = id == null ? Optional.empty() : arrival.text(id);
    MessageDigest digest = sha256();
    digest.update(given.isPresent() ? (byte) 1 : (byte) 0);
    addressed(spec, arrival).ifPresent(digest::update);
    provenBy.forEach(
        connection -> digest.update((connection + ";").getBytes(StandardCharsets.UTF_8)));
    digest.update((byte) 0);
    digest.update(
        given
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .orElseGet(() -> signed(spec, arrival)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] signed(WebhookSpec spec, Arrival arrival) {
    return spec.proof() instanceof Proof.Signature signature
        ? of(spec, signature, arrival, "").orElse(arrival.body()) // no trace of a secret
        : arrival.body();
  }

  private static Optional<byte[]> addressed(WebhookSpec spec, Arrival arrival) {
    Secret secret = spec.proof().secret();
    if (secret != null && secret.perAddress()) {
      return bytes(arrival.query(Addresses.PARAMETER));
    }
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
