package dev.serai.connection.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.support.FakeProvider.Answer;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnteredModesTest {
  @TempDir Path folder;
  private Modes modes;

  @BeforeEach
  void open() {
    modes = new Modes(folder);
  }

  @AfterEach
  void close() {
    modes.close();
  }

  @Test
  void a_client_secret_becomes_a_token_and_again_when_it_ends() {
    modes.provider.answering(request -> Answer.json("{\"access_token\":\"t1\",\"expires_in\":60}"));
    AuthModes auth =
        modes.of(
            """
            type: oauth2_client
            token_url: "%s/token"
            client_auth: basic
            scopes: [a, b]
            token_params: {audience: api}
            """);
    Credentials.OAuth2Client entered = client("cs-0123456789", null);

    Granted granted = auth.obtain(Modes.connection(), App.NONE, Json.object(), entered);

    assertThat(((Credentials.OAuth2Client) granted.credentials()).token()).isEqualTo("t1");
    assertThat(granted.credentials().expiresAt()).isEqualTo(Modes.NOW.plusSeconds(60));
    var request = modes.provider.requests().getFirst();
    assertThat(Modes.form(request.body()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("grant_type", "client_credentials", "scope", "a b", "audience", "api"));
    assertThat(auth.possible(Modes.connection(), granted.credentials())).isTrue();
    assertThat(auth.consuming(Modes.connection(), granted.credentials())).isFalse();
  }

  @Test
  void a_refused_client_is_told_so_and_its_secret_is_not() {
    modes.provider.answering(request ->
        Answer.json(
            401, "{\"error\":\"invalid_client\",\"error_description\":\"cs-0123456789?\"}"));
    AuthModes auth = modes.of("type: oauth2_client\ntoken_url: \"%s/token\"\n");
    Credentials.OAuth2Client entered = client("cs-0123456789", null);

    assertThatThrownBy(() -> auth.obtain(Modes.connection(), App.NONE, Json.object(), entered))
        .hasMessage("Acme answered 401: invalid_client ([redacted]?)")
        .extracting("code")
        .isEqualTo("connection_test_failed");
    Grant old = Grant.of(entered);
    Renewed renewed =
        auth.read(Modes.connection(), App.NONE, old, auth.send(Modes.connection(), App.NONE, old));
    assertThat(((Renewed.Refused) renewed).why()).isEqualTo(Why.REVOKED);
  }

  /** RFC 7523 §3: iss, sub, aud, exp; the signature holds. */
  @Test
  void a_private_key_signs_an_assertion_instead_of_a_secret() throws Exception {
    modes.provider.answering(request -> Answer.json("{\"access_token\":\"t1\"}"));
    KeyPair keys = rsa();
    AuthModes auth =
        modes.of(
            """
            type: oauth2_client
            token_url: "%s/token"
            client_auth: private_key_jwt
            assertion: {algorithm: PS256, lifetime: 1m}
            """);

    auth.obtain(
        Modes.connection(), App.NONE, Json.object(), client(null, pem("PRIVATE KEY", keys)));

    Map<String, String> form = Modes.form(modes.provider.requests().getFirst().body());
    assertThat(form)
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .containsEntry("client_id", "cid")
        .doesNotContainKey("client_secret");
    SignedJWT assertion = SignedJWT.parse(form.get("client_assertion"));
    assertThat(assertion.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic()))).isTrue();
    assertThat(assertion.getHeader().getAlgorithm().getName()).isEqualTo("PS256");
    var claims = assertion.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("cid");
    assertThat(claims.getSubject()).isEqualTo("cid");
    assertThat(claims.getAudience()).containsExactly(modes.provider.url() + "/token");
    assertThat(claims.getJWTID()).isNotBlank();
    assertThat(claims.getExpirationTime().toInstant()).isEqualTo(Modes.NOW.plusSeconds(60));
  }

  @Test
  void an_elliptic_key_signs_a_token_with_the_declared_claims() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    AuthModes auth =
        modes.of(
            """
            type: jwt
            algorithm: ES256
            fields:
              privateKeyId: {title: Key ID, description: x, secret: false}
              issuerId: {title: Issuer, description: x, secret: false}
              privateKey: {title: Key, description: x}
            key: ${credentials.privateKey}
            key_id: ${credentials.privateKeyId}
            claims: {iss: "${credentials.issuerId}", aud: store-v1, n: 7}
            lifetime: 20m
            """);
    ObjectNode inputs =
        Json.object()
            .put("privateKeyId", "K1")
            .put("issuerId", "I1")
            // As it arrives from a single-line field.
            .put("privateKey", pem("PRIVATE KEY", keys).replace("\n", " "));

    Granted granted =
        auth.obtain(
            Modes.connection(), App.NONE, Json.object(), new Credentials.Jwt(inputs, "", null));

    Credentials.Jwt jwt = (Credentials.Jwt) granted.credentials();
    SignedJWT token = SignedJWT.parse(jwt.token());
    assertThat(token.verify(new ECDSAVerifier((ECPublicKey) keys.getPublic()))).isTrue();
    assertThat(token.getHeader().getKeyID()).isEqualTo("K1");
    assertThat(token.getHeader().getType().getType()).isEqualTo("JWT");
    assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("I1");
    assertThat(token.getJWTClaimsSet().getLongClaim("n")).isEqualTo(7);
    assertThat(token.getJWTClaimsSet().getIssueTime().toInstant()).isEqualTo(Modes.NOW);
    assertThat(jwt.expiresAt()).isEqualTo(Modes.NOW.plus(Duration.ofMinutes(20)));
    assertThat(auth.possible(Modes.connection(), jwt)).isTrue();
  }

  @Test
  void a_key_of_id_and_hex_secret_signs_too() throws Exception {
    String secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    AuthModes auth =
        modes.of(
            """
            type: jwt
            algorithm: HS256
            fields:
              privateKey.id: {title: Key ID, description: x, secret: false}
              privateKey.secret: {title: Secret, description: x}
            key: ${credentials.privateKey.secret}
            key_encoding: hex
            key_id: ${credentials.privateKey.id}
            claims: {aud: /admin/}
            """);
    ObjectNode inputs = Json.object();
    inputs.putObject("privateKey").put("id", "kid-1").put("secret", secret);

    Granted granted =
        auth.obtain(
            Modes.connection(), App.NONE, Json.object(), new Credentials.Jwt(inputs, "", null));

    JWSObject token = JWSObject.parse(((Credentials.Jwt) granted.credentials()).token());
    assertThat(token.verify(new MACVerifier(java.util.HexFormat.of().parseHex(secret)))).isTrue();
    assertThat(token.getHeader().getKeyID()).isEqualTo("kid-1");
  }

  @Test
  void a_key_that_is_none_is_refused_without_a_word_of_it() {
    AuthModes auth =
        modes.of(
            """
            type: jwt
            algorithm: RS256
            fields: {privateKey: {title: Key, description: x}}
            key: ${credentials.privateKey}
            """);
    ObjectNode inputs = Json.object().put("privateKey", "hushhush-hunter2");

    assertThatThrownBy(() ->
            auth.obtain(
                Modes.connection(), App.NONE, Json.object(), new Credentials.Jwt(inputs, "", null)))
        .hasMessageStartingWith("the key is no PEM text")
        .hasMessageNotContaining("hushhush");
  }

  @Test
  void steps_use_what_earlier_ones_took_and_secret_configuration() {
    modes.provider.answering(request ->
        request.path().equals("/login")
            ? Answer.json("{\"session\":{\"id\":\"s/1\"}}")
            : Answer.json("{\"key\":\"t1\",\"again\":\"r1\",\"ends\":1767326645000}"));
    AuthModes auth = modes.of(STEPS);
    ObjectNode inputs = Json.object().put("user", "ann").put("password", "hushhush-pw-0123456789");

    Granted granted =
        auth.obtain(
            Modes.connection(),
            App.NONE,
            Json.object().put("pin", "9-9-9"),
            new Credentials.TwoStep(inputs, "", null, null, Json.object()));

    var first = modes.provider.requests().get(0);
    var second = modes.provider.requests().get(1);
    assertThat(Json.parse(first.body()))
        .isEqualTo(Json.parse("{\"user\":\"ann\",\"password\":\"hushhush-pw-0123456789\"}"));
    assertThat(first.headers()).containsEntry("x-pin", "9-9-9");
    assertThat(second.path()).isEqualTo("/sessions/s%2F1/token");
    assertThat(second.body()).isEqualTo("grant=full");
    Credentials.TwoStep token = (Credentials.TwoStep) granted.credentials();
    assertThat(token.token()).isEqualTo("t1");
    assertThat(token.refreshToken()).isEqualTo("r1");
    assertThat(token.expiresAt()).isEqualTo(Modes.NOW.plus(Duration.ofHours(1)));

    modes.provider.answering(request -> Answer.json("{\"key\":\"t2\"}"));
    auth.send(Modes.connection(), App.NONE, Grant.of(token));
    assertThat(modes.provider.requests().getLast().path()).isEqualTo("/again");
    assertThat(modes.provider.requests().getLast().body()).isEqualTo("{\"refresh\":\"r1\"}");
  }

  private static final String STEPS =
      """
      type: two_step
      fields:
        user: {title: User, description: x, secret: false}
        password: {title: Password, description: x}
      steps:
        - url: "%s/login"
          headers: {X-Pin: "${connection_config.pin}"}
          body: {user: "${credentials.user}", password: "${credentials.password}"}
          take: {session: .session.id}
        - url: "%s/sessions/${step.session}/token"
          body: {grant: full}
          body_type: form
      refresh_step: {url: "%s/again", body: {refresh: "${credentials.refresh_token}"}}
      answer: {token: .key, refresh_token: .again, expires_at: .ends}
      """;

  @Test
  void a_step_that_is_refused_ends_the_exchange() {
    modes.provider.answering(request -> Answer.json(401, "{\"error\":\"bad password\"}"));
    AuthModes auth = modes.of(STEPS);
    Credentials entered =
        new Credentials.TwoStep(Json.object().put("user", "ann"), "", null, null, Json.object());

    assertThatThrownBy(() -> auth.obtain(Modes.connection(), App.NONE, Json.object(), entered))
        .hasMessage("Acme answered 401: bad password");
    assertThat(modes.provider.requests()).hasSize(1);
  }

  @Test
  void an_installation_gets_its_token_by_the_apps_own_signature() throws Exception {
    modes.provider.answering(
        request -> Answer.json(201, "{\"token\":\"ghs\",\"expires_at\":\"2026-01-02T04:04:05Z\"}"));
    KeyPair keys = rsa();
    App app =
        new App(
            null,
            null,
            List.of(),
            "app-1",
            "https://acme.example/apps/serai",
            pem("PRIVATE KEY", keys));
    AuthModes auth =
        modes.of(
            """
            type: app_install
            token_url: "%s/app/installations/${credentials.installation_id}/access_tokens"
            """);
    var step = Modes.step(app, Modes.connection());

    var begun = auth.begin(step);
    Granted granted =
        auth.finish(step, begun.secrets(), Map.of("installation_id", "99", "state", "state-1"));

    assertThat(begun.address())
        .hasToString("https://acme.example/apps/serai/installations/new?state=state-1");
    var request = modes.provider.requests().getFirst();
    assertThat(request.path()).isEqualTo("/app/installations/99/access_tokens");
    SignedJWT jwt = SignedJWT.parse(request.headers().get("authorization").substring(7));
    assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic()))).isTrue();
    assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo("app-1");
    Credentials.AppInstallation installed = (Credentials.AppInstallation) granted.credentials();
    assertThat(installed.accessToken()).isEqualTo("ghs");
    assertThat(installed.expiresAt()).isEqualTo(Modes.NOW.plus(Duration.ofHours(1)));
    assertThatThrownBy(() -> auth.finish(step, begun.secrets(), Map.of("installation_id", "../1")))
        .isInstanceOf(AuthRefused.class);
  }

  @Test
  void a_role_is_taken_on_with_the_integrations_own_keys() {
    modes.provider.answering(request ->
        !Modes.form(request.body()).containsKey("ExternalId")
            ? new Answer(
                403,
                Map.of("Content-Type", "text/xml"),
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
                    .getBytes())
            : new Answer(
                200,
                Map.of("Content-Type", "text/xml"),
                """
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                  <AssumeRoleResult><AssumedRoleUser><Arn>arn:role/x</Arn></AssumedRoleUser>
                  <Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>sk</SecretAccessKey>
                  <SessionToken>st</SessionToken><Expiration>2026-01-02T04:04:05Z</Expiration>
                  </Credentials></AssumeRoleResult></AssumeRoleResponse>
                """
                    .getBytes()));
    AuthModes auth = modes.of("type: aws_sigv4\nservice: execute-api\nsts_url: \"%s/\"\n");
    Credentials entered = Credentials.AwsRole.entered("arn:aws:iam::1:role/x", "eu-west-1", "ext");

    Granted granted = auth.obtain(Modes.connection(), Modes.APP, Json.object(), entered);

    Credentials.AwsRole role = (Credentials.AwsRole) granted.credentials();
    assertThat(role.accessKeyId()).isEqualTo("ASIA1");
    assertThat(role.sessionToken()).isEqualTo("st");
    assertThat(role.expiresAt()).isEqualTo(Modes.NOW.plus(Duration.ofHours(1)));
    var request = modes.provider.requests().getLast();
    assertThat(Modes.form(request.body()))
        .containsEntry("Action", "AssumeRole")
        .containsEntry("RoleArn", "arn:aws:iam::1:role/x")
        .containsEntry("ExternalId", "ext");
    assertThat(request.headers().get("authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=client-id/20260102/us-east-1/sts/aws4_request");
  }

  @Test
  void oauth1_asks_for_a_token_sends_the_browser_and_exchanges_the_verifier() {
    modes.provider.answering(request ->
        new Answer(
            200,
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            (request.path().equals("/request")
                    ? "oauth_token=req&oauth_token_secret=rs&oauth_callback_confirmed=true"
                    : "oauth_token=tok&oauth_token_secret=ts&user_id=7")
                .getBytes()));
    AuthModes auth =
        modes.of(
            """
            type: oauth1
            request_url: "%s/request"
            authorize_url: https://acme.example/authorize
            token_url: "%s/access"
            account: .user_id
            """);
    var step = Modes.step(Modes.APP, Modes.connection());

    var begun = auth.begin(step);
    assertThatThrownBy(() ->
            auth.finish(
                step, begun.secrets(), Map.of("oauth_token", "another", "oauth_verifier", "v")))
        .hasMessageContaining("another request's token");
    Granted granted =
        auth.finish(step, begun.secrets(), Map.of("oauth_token", "req", "oauth_verifier", "v"));

    assertThat(begun.address()).hasToString("https://acme.example/authorize?oauth_token=req");
    assertThat(modes.provider.requests().getFirst().headers().get("authorization"))
        .contains(
            "oauth_callback=\"http%3A%2F%2Flocalhost%3A3003%2Foauth%2Fcallback%3Fstate%3Dstate-1\"");
    assertThat(modes.provider.requests().getLast().headers().get("authorization"))
        .contains("oauth_verifier=\"v\"", "oauth_token=\"req\"");
    assertThat(granted.account()).isEqualTo("7");
    assertThat(((Credentials.OAuth1) granted.credentials()).tokenSecret()).isEqualTo("ts");
  }

  @Test
  void no_value_of_the_configuration_leads_a_request_elsewhere() {
    AuthModes auth =
        modes.of(
            """
            type: oauth2_client
            token_url: https://${connection_config.site}.acme.example/t/${connection_config.team}
            """);
    for (String host : List.of("evil.example/", "a@evil.example#", "a\r\nb", "", "évil", "a?b")) {
      assertThatThrownBy(() ->
              auth.obtain(
                  Modes.connection("site", host), App.NONE, Json.object(), client("cs", null)))
          .as(host)
          .hasMessageContaining("is no part of a host name");
    }
    assertThatThrownBy(() ->
            auth.obtain(
                Modes.connection("site", "a", "team", ".."),
                App.NONE,
                Json.object(),
                client("cs", null)))
        .hasMessageContaining("would change the path");
  }

  @Test
  void a_line_break_in_a_header_value_is_refused_before_anything_is_sent() {
    AuthModes auth =
        modes.of(
            """
            type: oauth2_client
            token_url: "%s/token"
            token_headers: {X-Site: "${connection_config.site}"}
            """);

    assertThatThrownBy(() ->
            auth.obtain(
                Modes.connection("site", "a\r\nX-Evil: 1"),
                App.NONE,
                Json.object(),
                client("cs", null)))
        .hasMessageContaining("has characters that headers cannot have");
    assertThat(modes.provider.requests()).isEmpty();
  }

  private static Credentials.OAuth2Client client(String secret, String key) {
    return new Credentials.OAuth2Client("cid", secret, null, key, "", null, Json.object());
  }

  private static KeyPair rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static String pem(String kind, KeyPair keys) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            kind, Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded()), kind);
  }
}
