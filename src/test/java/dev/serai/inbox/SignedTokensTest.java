package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.inbox.Proofs.Finding;
import dev.serai.provider.ProviderProblem;
import dev.serai.provider.VendorWebhooks;
import dev.serai.provider.WebhookSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Deliveries that a signed token proves, by a published key set, a key in the folder, a secret. */
class SignedTokensTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String BODY = "{\"event\":\"x\"}";
  private static final String URL = "https://serai.example.com/webhook/e/i";
  private static final String SHARED = "a shared secret of more than 32 bytes";
  private static final RSAKey RSA = rsa("one");
  private static final RSAKey OTHER = rsa("two");
  private static final ECKey CURVE = curve();

  private int fetched;
  private boolean reachable = true;
  private JWKSet published = new JWKSet(RSA.toPublicJWK());
  private final Proofs proofs =
      new Proofs(
          new SignedTokens(
              new KeySets(call -> {
                fetched++;
                return new HttpAnswer(
                    reachable ? 200 : 503,
                    Headers.NONE,
                    published.toString().getBytes(StandardCharsets.UTF_8));
              })));

  private static final String BY_SET =
      "{\"signature\":{\"type\":\"jwt\",\"header\":\"Authorization\",\"prefix\":\"Bearer \",\"jwks\":\"https://keys.example.com/set\",\"issuer\":\"vendor\",\"audience\":\"url\"}}";

  @Test
  void a_token_by_a_published_key_is_believed_and_the_set_fetched_once() throws Exception {
    WebhookSpec spec = spec(BY_SET);

    for (int i = 0; i < 20; i++) {
      assertThat(check(spec, token(RSA, claims -> claims))).isEqualTo(Finding.GOOD);
    }
    assertThat(fetched).isEqualTo(1);
  }

  @Test
  void a_token_of_somebody_else_for_somebody_else_or_of_another_time_is_refused() throws Exception {
    WebhookSpec spec = spec(BY_SET);

    assertThat(check(spec, token(RSA, c -> c.issuer("other")))).isEqualTo(Finding.WRONG);
    assertThat(check(spec, token(RSA, c -> c.audience("https://other")))).isEqualTo(Finding.WRONG);
    assertThat(check(spec, token(RSA, c -> c.expirationTime(at(-61))))).isEqualTo(Finding.STALE);
    assertThat(check(spec, token(RSA, c -> c.expirationTime(at(-59))))).isEqualTo(Finding.GOOD);
    assertThat(check(spec, token(RSA, c -> c.notBeforeTime(at(61))))).isEqualTo(Finding.STALE);
    assertThat(check(spec, token(RSA, c -> c.expirationTime(null)))).isEqualTo(Finding.GOOD);
    assertThat(check(spec, token(RSA, c -> c.expirationTime(null).issueTime(at(-301)))))
        .isEqualTo(Finding.STALE);
    assertThat(check(spec, token(RSA, c -> c.expirationTime(null).issueTime(null))))
        .as("good for ever")
        .isEqualTo(Finding.STALE);
  }

  @Test
  void a_forged_token_is_refused_also_if_it_says_none_or_uses_the_public_key_as_a_secret()
      throws Exception {
    WebhookSpec spec = spec(BY_SET);
    String claims = token(RSA, c -> c).split("\\.", -1)[1];
    byte[] open = RSA.toRSAPublicKey().getEncoded();
    SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(c -> c));
    confused.sign(new MACSigner(open));

    assertThat(check(spec, base64("{\"alg\":\"none\"}") + "." + claims + "."))
        .isEqualTo(Finding.WRONG);
    assertThat(check(spec, confused.serialize())).isEqualTo(Finding.WRONG);
    assertThat(check(spec, token(OTHER, c -> c))).as("a key of nobody").isEqualTo(Finding.WRONG);
    assertThat(check(spec, "nonsense")).isEqualTo(Finding.WRONG);
    assertThat(proofs.check(spec, arrival(Headers.NONE), "", NOW)).isEqualTo(Finding.MISSING);
  }

  @Test
  void a_new_key_is_fetched_at_once_but_not_at_anybodys_pace() throws Exception {
    WebhookSpec spec = spec(BY_SET);
    assertThat(check(spec, token(RSA, c -> c))).isEqualTo(Finding.GOOD);
    published = new JWKSet(List.of(RSA.toPublicJWK(), OTHER.toPublicJWK()));

    assertThat(check(spec, token(OTHER, c -> c))).isEqualTo(Finding.GOOD);
    for (int i = 0; i < 50; i++) {
      assertThat(check(spec, token(new RSAKey.Builder(OTHER).keyID("unknown" + i).build(), c -> c)))
          .isEqualTo(Finding.WRONG);
    }
    assertThat(fetched).isLessThan(6);
  }

  @Test
  void without_the_set_nothing_is_said_of_a_delivery() throws Exception {
    reachable = false;
    WebhookSpec spec = spec(BY_SET);
    String token = token(RSA, c -> c);

    assertThatThrownBy(() -> check(spec, token)).isInstanceOf(KeysUnavailable.class);
    assertThat(Refusal.NO_KEYS.status()).as("it is sent again").isEqualTo(503);
  }

  @Test
  void a_token_may_bind_the_body() throws Exception {
    WebhookSpec spec =
        spec(
            "{\"signature\":{\"type\":\"jwt\",\"header\":\"Authorization\",\"prefix\":\"Bearer \",\"algorithm\":\"ES256\",\"body_claim\":\"request_body_sha256\"}}");
    String key = Base64.getMimeEncoder().encodeToString(CURVE.toECPublicKey().getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n";
    String hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(BODY.getBytes(StandardCharsets.UTF_8)));
    String bound = token(CURVE, c -> c.claim("request_body_sha256", hash));

    assertThat(proofs.check(spec, arrival(bearer(bound)), pem, NOW)).isEqualTo(Finding.GOOD);
    assertThat(
            proofs.check(
                spec,
                new Arrival("POST", URL, bearer(bound), "{}".getBytes(StandardCharsets.UTF_8)),
                pem,
                NOW))
        .isEqualTo(Finding.WRONG);
    assertThat(proofs.check(spec, arrival(bearer(token(CURVE, c -> c))), pem, NOW))
        .as("it does not speak of the body")
        .isEqualTo(Finding.WRONG);
    assertThatThrownBy(() -> proofs.check(spec, arrival(bearer(bound)), "no key", NOW))
        .isInstanceOf(UnusableSecret.class)
        .hasMessageNotContaining("no key");
  }

  @Test
  void a_shared_secret_signs_tokens_too() throws Exception {
    WebhookSpec spec =
        spec(
            "{\"signature\":{\"type\":\"jwt\",\"header\":\"Authorization\",\"prefix\":\"Bearer \",\"algorithm\":\"HS256\",\"secret\":\"client_secret\"}}");
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(c -> c));
    token.sign(new MACSigner(SHARED));
    Arrival arrival = arrival(bearer(token.serialize()));

    assertThat(proofs.check(spec, arrival, SHARED, NOW)).isEqualTo(Finding.GOOD);
    assertThat(proofs.check(spec, arrival, SHARED + "!", NOW)).isEqualTo(Finding.WRONG);
    assertThatThrownBy(() -> proofs.check(spec, arrival, "short", NOW))
        .isInstanceOf(UnusableSecret.class);
  }

  private static WebhookSpec spec(String webhooks) {
    List<ProviderProblem> problems = new ArrayList<>();
    WebhookSpec spec = VendorWebhooks.spec(Json.parse(webhooks), problems);
    assertThat(problems).isEmpty();
    return spec;
  }

  private Finding check(WebhookSpec spec, String token) {
    return proofs.check(spec, arrival(bearer(token)), "", NOW);
  }

  private static Headers bearer(String token) {
    return Headers.NONE.with("Authorization", "Bearer " + token);
  }

  private static Arrival arrival(Headers headers) {
    return new Arrival("POST", URL + "?a=b", headers, BODY.getBytes(StandardCharsets.UTF_8));
  }

  private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
    return change
        .apply(
            new JWTClaimsSet.Builder()
                .issuer("vendor")
                .audience(URL)
                .issueTime(at(0))
                .expirationTime(at(600)))
        .build();
  }

  private static String token(RSAKey key, UnaryOperator<JWTClaimsSet.Builder> change)
      throws Exception {
    return token(JWSAlgorithm.RS256, key.getKeyID(), new RSASSASigner(key), change);
  }

  private static String token(ECKey key, UnaryOperator<JWTClaimsSet.Builder> change)
      throws Exception {
    return token(JWSAlgorithm.ES256, key.getKeyID(), new ECDSASigner(key), change);
  }

  private static String token(
      JWSAlgorithm algorithm,
      String id,
      JWSSigner signer,
      UnaryOperator<JWTClaimsSet.Builder> change)
      throws Exception {
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(algorithm).keyID(id).build(), claims(change));
    token.sign(signer);
    return token.serialize();
  }

  private static Date at(int seconds) {
    return Date.from(NOW.plusSeconds(seconds));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey curve() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
