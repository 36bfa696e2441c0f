package dev.serai.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a provider's webhooks are proven, told apart and handed on, as declared under {@code
 * webhooks:}. Immutable. docs/provider-webhooks.md explains each word.
 *
 * @param proof how a delivery shows that the provider sent it
 * @param timestamp null: the provider says no time, only repeated deliveries are noticed
 * @param delivery where the id of a delivery stands; null: what was signed identifies it
 * @param deduplicate false: equal deliveries are different events
 * @param remember for so long a delivery id is not taken twice
 * @param event where the event's name stands; null: there is only one kind
 * @param each gives the events of a delivery that holds several; null: it is one event
 * @param handshake null: the secret is set by hand
 * @param emptyAnswer success is answered without a body
 */
public record WebhookSpec(
    Proof proof,
    @Nullable Timestamp timestamp,
    @Nullable Place delivery,
    boolean deduplicate,
    Duration remember,
    @Nullable Place event,
    @Nullable Jslt each,
    Match match,
    List<Challenge> challenges,
    @Nullable Handshake handshake,
    boolean emptyAnswer) {

  /** Where in a delivery a value stands. */
  public sealed interface Place {
    record Header(String name) implements Place {}

    record Query(String name) implements Place {}

    /**
     * In the body; for a delivery of several events, in one of them where an event is looked at.
     */
    record Path(Jslt path) implements Place {}
  }

  /** How a delivery shows that the provider sent it. */
  public sealed interface Proof {
    /** Null: there is none. */
    default @Nullable Secret secret() {
      return null;
    }

    /** It does not: the provider signs nothing, and its folder says so. */
    record None() implements Proof {}

    /**
     * @param prefix stands before each value, such as {@code sha256=}
     * @param separator parts values in one header; empty: there is one
     * @param secret shared, or the public key
     */
    record Signature(
        Method method,
        Algorithm algorithm,
        String header,
        Encoding encoding,
        String prefix,
        String separator,
        List<SignedPart> signed,
        Secret secret)
        implements Proof {}

    /** The secret itself comes with each delivery. */
    record Token(Place place, String prefix, Secret secret) implements Proof {}

    /** HTTP Basic; the secret is {@code user:password}. */
    record Basic(Secret secret) implements Proof {}

    /**
     * A signed token (RFC 7519).
     *
     * @param algorithm the only one that is believed (RFC 7518), such as {@code RS256}
     * @param keySet where the provider publishes its keys (RFC 7517); null: {@code secret} is the
     *     key
     * @param issuer empty: any
     * @param audience {@code url}: the address without its query; empty: any
     * @param bodyClaim holds the SHA-256 of the body; empty: the token does not speak of the body
     * @param bodyEncoding how that is written
     */
    record Jwt(
        Place place,
        String prefix,
        String algorithm,
        @Nullable URI keySet,
        Secret secret,
        String issuer,
        String audience,
        String bodyClaim,
        Encoding bodyEncoding)
        implements Proof {}
  }

  /** How a signature is made. */
  public enum Method {
    HMAC,
    /** A plain hash in which the secret is one of the parts. */
    DIGEST,
    /** RSASSA-PKCS1-v1_5 (RFC 8017). */
    RSA,
    /** In DER, as X9.62 has it. */
    ECDSA,
    /** RFC 8032. */
    ED25519;

    /** Whether what the provider signs with is known to nobody else. */
    public boolean publicKey() {
      return this == RSA || this == ECDSA || this == ED25519;
    }
  }

  public enum Algorithm {
    SHA1,
    SHA256,
    SHA512
  }

  /** How bytes are written as text. */
  public enum Encoding {
    TEXT,
    HEX,
    BASE64
  }

  /** What is signed is these parts, one after the other. */
  public sealed interface SignedPart {
    record Text(String text) implements SignedPart {}

    record Header(String name) implements SignedPart {}

    record Body() implements SignedPart {}

    /** The shared secret, in a digest. */
    record SharedSecret() implements SignedPart {}

    /** As it came, not as a number. */
    record Timestamp() implements SignedPart {}

    record Method() implements SignedPart {}

    /** The whole URL that the provider was given, with its query. */
    record Url() implements SignedPart {}
  }

  /**
   * @param sources the first that is set counts
   * @param prefix taken off, such as {@code whsec_}
   * @param encoding how the key's bytes are written in it
   */
  public record Secret(List<SecretSource> sources, String prefix, Encoding encoding) {
    /** Whether it differs by connection, so that the connection must be found first. */
    public boolean perConnection() {
      return sources.stream().anyMatch(SecretSource.Config.class::isInstance);
    }

    /** Whether each address has its own, which the provider hands over. */
    public boolean perAddress() {
      return sources.contains(new SecretSource.Address());
    }
  }

  /** Where a secret is kept. */
  public sealed interface SecretSource {
    /** The provider's public key, in its folder. */
    record Published(String key) implements SecretSource {}

    /** The integration's webhook secret. */
    record Webhook() implements SecretSource {}

    /** The client secret of the integration's app. */
    record Client() implements SecretSource {}

    /** A secret field of the connection's configuration. */
    record Config(String field) implements SecretSource {}

    /** What the provider handed over at the address of one connection. */
    record Address() implements SecretSource {}
  }

  /**
   * @param place null: in the signature's header, after {@code prefix}
   * @param window how far the provider's clock and ours may be apart, either way
   */
  public record Timestamp(@Nullable Place place, String prefix, Unit unit, Duration window) {}

  /** How a time is written. */
  public enum Unit {
    S,
    MS,
    ISO
  }

  /** Which connections a delivery concerns. */
  public sealed interface Match {
    /** None can be told; it is forwarded without a connection. */
    record None() implements Match {}

    /** Every connection of the integration. */
    record All() implements Match {}

    /** Those whose {@code target} is this value. */
    record By(Place place, Target target) implements Match {}
  }

  /** What of a connection is compared. */
  public sealed interface Target {
    record ConnectionId() implements Target {}

    /** Whose account at the provider it is, as the provider said when it was connected. */
    record Account() implements Target {}

    record Config(String field) implements Target {}

    record Metadata(String key) implements Target {}
  }

  /**
   * A question of the provider whether we are there: the value is answered as text and the delivery
   * ends with it.
   *
   * @param when must hold on the body; null: the value is there
   * @param signed false: it is asked before there is a signature
   */
  public record Challenge(Place place, @Nullable Jslt when, boolean signed) {}

  /**
   * How the provider hands over the secret that it will sign with.
   *
   * @param echo it is answered in the header it came in
   * @param perAddress it is kept for that address; else for the integration
   */
  public record Handshake(Place place, boolean echo, boolean perAddress) {}
}
