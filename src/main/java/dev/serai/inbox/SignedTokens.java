package dev.serai.inbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.inbox.Proofs.Finding;
import dev.serai.provider.WebhookSpec.Encoding;
import dev.serai.provider.WebhookSpec.Method;
import dev.serai.provider.WebhookSpec.Proof;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/** Deliveries that bring a signed token (RFC 7515, 7519). Thread-safe. */
final class SignedTokens {
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** How old a token may be that says when it was made but not when it ends. */
  private static final Duration AGE = Duration.ofMinutes(5);

  private final KeySets keys;

  SignedTokens(KeySets keys) {
    this.keys = keys;
  }

  /**
   * @param secret the key, unless the provider publishes a set
   * @throws UnusableSecret when it is no such key
   * @throws KeysUnavailable when the set cannot be fetched
   */
  Finding check(Proof.Jwt declared, Arrival arrival, String secret, Instant now) {
    Optional<String> given =
        arrival
            .text(declared.place())
            .filter(text -> text.startsWith(declared.prefix()))
            .map(text -> text.substring(declared.prefix().length()).strip())
            .filter(text -> !text.isEmpty());
    if (given.isEmpty()) {
      return Finding.MISSING;
    }
    try {
      SignedJWT token = SignedJWT.parse(given.get());
      if (!token.getHeader().getAlgorithm().getName().equals(declared.algorithm())
          || !signed(token, declared, secret)) {
        return Finding.WRONG;
      }
      JWTClaimsSet claims = token.getJWTClaimsSet();
      if (!meant(claims, declared, arrival)) {
        return Finding.WRONG;
      }
      return timely(claims, now) ? Finding.GOOD : Finding.STALE;
    } catch (KeyLengthException e) {
      throw new UnusableSecret("a shared secret of that length");
    } catch (ParseException | JOSEException e) {
      return Finding.WRONG;
    }
  }

  private boolean signed(SignedJWT token, Proof.Jwt declared, String secret) throws JOSEException {
    for (Key key : keys(token, declared, secret)) {
      JWSVerifier verifier =
          new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(), key);
      if (token.verify(verifier)) {
        return true;
      }
    }
    return false;
  }

  private List<Key> keys(SignedJWT token, Proof.Jwt declared, String secret) throws JOSEException {
    if (declared.keySet() != null) {
      List<Key> found = new ArrayList<>();
      for (JWK key : keys.of(declared.keySet(), token.getHeader())) {
        if (key instanceof AsymmetricJWK pair) {
          found.add(pair.toPublicKey());
        }
      }
      return found;
    }
    if (declared.algorithm().startsWith("HS")) {
      return List.of(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HMAC"));
    }
    boolean curve = declared.algorithm().startsWith("ES");
    return List.of(Signatures.key(curve ? Method.ECDSA : Method.RSA, secret));
  }

  private static boolean meant(JWTClaimsSet claims, Proof.Jwt declared, Arrival arrival)
      throws ParseException {
    String audience =
        declared.audience().equals("url") ? address(arrival.url()) : declared.audience();
    return (declared.issuer().isEmpty() || declared.issuer().equals(claims.getIssuer()))
        && (audience.isEmpty() || claims.getAudience().contains(audience))
        && (declared.bodyClaim().isEmpty()
            || hashed(claims.getStringClaim(declared.bodyClaim()), declared, arrival.body()));
  }

  private static String address(String url) {
    int mark = url.indexOf('?');
    return mark < 0 ? url : url.substring(0, mark);
  }

  private static boolean hashed(
      @org.jspecify.annotations.Nullable String claim, Proof.Jwt declared, byte[] body) {
    if (claim == null) {
      return false;
    }
    byte[] sum = sha256(body);
    boolean hex = declared.bodyEncoding() != Encoding.BASE64;
    String expected = hex ? HexFormat.of().formatHex(sum) : Base64.getEncoder().encodeToString(sum);
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8),
        (hex ? claim.toLowerCase(Locale.ROOT) : claim).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token that says neither when it ends nor when it was made is good for ever: refused. */
  private static boolean timely(JWTClaimsSet claims, Instant now) {
    Date ends = claims.getExpirationTime();
    Date made = claims.getIssueTime();
    Date begins = claims.getNotBeforeTime();
    boolean over =
        ends != null
            ? !now.isBefore(ends.toInstant().plus(SKEW))
            : made == null || now.isAfter(made.toInstant().plus(AGE));
    boolean early =
        begins != null && now.isBefore(begins.toInstant().minus(SKEW))
            || made != null && now.isBefore(made.toInstant().minus(SKEW));
    return !over && !early;
  }
}
