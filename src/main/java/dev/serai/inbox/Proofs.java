package dev.serai.inbox;

import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Timestamp;
import dev.serai.provider.WebhookSpec.Unit;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a delivery was sent by who knows the secret, and lately. Compares in constant time.
 * Thread-safe.
 */
final class Proofs {
  private final SignedTokens tokens;

  Proofs(SignedTokens tokens) {
    this.tokens = tokens;
  }

  /** What came of looking. */
  enum Finding {
    GOOD,
    /** What should prove it is not there. */
    MISSING,
    WRONG,
    /** Proven, but its time lies outside the window, or it has none. */
    STALE
  }

  /**
   * @param secret as it is stored; its prefix and encoding are the provider's business
   * @throws UnusableSecret when the secret cannot be the provider's
   * @throws KeysUnavailable when the provider's keys are not to be had
   */
  Finding check(WebhookSpec spec, Arrival arrival, String secret, Instant now) {
    Finding proven =
        switch (spec.proof()) {
          case Proof.None() -> Finding.GOOD;
          case Proof.Basic basic -> equal(List.of(sent(arrival)), basic(secret));
          case Proof.Token token ->
              equal(
                  stripped(arrival.text(token.place()).stream().toList(), token.prefix()), secret);
          case Proof.Signature signature -> signature(spec, signature, arrival, secret);
          case Proof.Jwt jwt -> tokens.check(jwt, arrival, secret, now);
        };
    return proven == Finding.GOOD && !timely(spec, arrival.believe(), now) ? Finding.STALE : proven;
  }

  private static String sent(Arrival arrival) {
    return arrival.headers().first("Authorization").orElse("");
  }

  private static String basic(String secret) {
    return "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
  }

  private static Finding signature(
      WebhookSpec spec, Proof.Signature proof, Arrival arrival, String secret) {
    List<String> given = stripped(values(proof, arrival), proof.prefix());
    if (given.isEmpty()) {
      return Finding.MISSING;
    }
    Optional<byte[]> signed = SignedText.of(spec, proof, arrival, secret);
    if (signed.isEmpty()) {
      return Finding.MISSING;
    }
    if (proof.method().publicKey()) {
      return Signatures.verified(proof, secret, signed.get(), given) ? Finding.GOOD : Finding.WRONG;
    }
    boolean hex = proof.encoding() == WebhookSpec.Encoding.HEX;
    return equal(
        hex ? given.stream().map(g -> g.toLowerCase(java.util.Locale.ROOT)).toList() : given,
        Signatures.expected(proof, secret, signed.get()));
  }

  /** The values in the signature's header, prefixes still on. */
  static List<String> values(Proof.Signature proof, Arrival arrival) {
    return arrival.headers().all(proof.header()).stream()
        .flatMap(line ->
            proof.separator().isEmpty()
                ? java.util.stream.Stream.of(line)
                : Arrays.stream(line.split(Pattern.quote(proof.separator()), -1)))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private static List<String> stripped(List<String> values, String prefix) {
    return values.stream()
        .filter(value -> value.startsWith(prefix))
        .map(value -> value.substring(prefix.length()))
        .toList();
  }

  /** All are compared, whichever fits. */
  private static Finding equal(List<String> given, String expected) {
    byte[] wanted = expected.getBytes(StandardCharsets.UTF_8);
    boolean any = false;
    boolean found = false;
    for (String one : given) {
      any |= !one.isEmpty();
      found |= MessageDigest.isEqual(wanted, one.getBytes(StandardCharsets.UTF_8));
    }
    return found ? Finding.GOOD : any ? Finding.WRONG : Finding.MISSING;
  }

  private static boolean timely(WebhookSpec spec, Arrival arrival, Instant now) {
    Timestamp declared = spec.timestamp();
    if (declared == null) {
      return true;
    }
    return SignedText.timestamp(spec, arrival)
        .flatMap(text -> instant(declared.unit(), text))
        .map(sent -> Duration.between(sent, now).abs())
        .filter(apart -> apart.compareTo(declared.window()) <= 0)
        .isPresent();
  }

  private static Optional<Instant> instant(Unit unit, String text) {
    try {
      return Optional.of(
          switch (unit) {
            case S -> Instant.ofEpochSecond(Long.parseLong(text));
            case MS -> Instant.ofEpochMilli(Long.parseLong(text));
            case ISO -> OffsetDateTime.parse(text).toInstant();
          });
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
