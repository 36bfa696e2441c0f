package dev.serai.connection.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.connection.Consent.Begun;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.http.HttpFailure;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.RawServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuth2CodeTest {
  private static final String AUTH =
      """
      type: oauth2_code
      authorize_url: https://acme.example/authorize
      token_url: "%s/token"
      scopes: [read, write]
      scope_separator: ","
      authorize_params: {access_type: offline, prompt: consent}
      answer: {config: {team: .team}}
      callback: {site: place}
      account: .user
      refresh: {revoked_codes: [gone_for_good], expired_codes: [too_old]}
      """;

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

  /** RFC 7636, appendix B. */
  @Test
  void the_challenge_is_the_published_one_for_the_published_verifier() {
    CodeVerifier verifier = new CodeVerifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

    assertThat(CodeChallenge.compute(CodeChallengeMethod.S256, verifier).getValue())
        .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  }

  @Test
  void the_browser_is_sent_with_state_scopes_and_a_challenge_that_fits_the_sealed_verifier() {
    Begun begun = modes.of(AUTH).begin(Modes.step(Modes.APP, Modes.connection()));

    Map<String, String> query = Modes.query(begun.address());
    assertThat(begun.address().toString()).startsWith("https://acme.example/authorize?");
    assertThat(query)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", "client-id")
        .containsEntry("redirect_uri", "http://localhost:3003/oauth/callback")
        .containsEntry("state", "state-1")
        .containsEntry("scope", "read,write")
        .containsEntry("access_type", "offline")
        .containsEntry("code_challenge_method", "S256");
    CodeVerifier verifier = new CodeVerifier(begun.secrets().get("code_verifier").asText());
    assertThat(query.get("code_challenge"))
        .isEqualTo(CodeChallenge.compute(CodeChallengeMethod.S256, verifier).getValue());
  }

  @Test
  void a_caller_may_take_parameters_out_and_may_not_touch_what_protects_the_flow() {
    var step =
        new dev.serai.connection.Consent.Step(
            Modes.connection(),
            Modes.APP,
            java.net.URI.create("http://localhost:3003/oauth/callback"),
            "state-1",
            List.of("admin"),
            Map.of(
                "prompt", "undefined", "state", "theirs", "redirect_uri", "https://evil.example"));

    Map<String, String> query = Modes.query(modes.of(AUTH).begin(step).address());

    assertThat(query)
        .doesNotContainKey("prompt")
        .containsEntry("scope", "admin")
        .containsEntry("state", "state-1")
        .containsEntry("redirect_uri", "http://localhost:3003/oauth/callback");
  }

  @Test
  void a_code_becomes_credentials_account_and_configuration() {
    modes.provider.answering(request ->
        Answer.json(
            """
            {"access_token":"at","refresh_token":"rt","expires_in":3600,"team":"42","user":"u1"}
            """));

    Granted granted =
        modes
            .of(AUTH)
            .finish(
                Modes.step(Modes.APP, Modes.connection()),
                Json.object().put("code_verifier", "verifier"),
                Map.of("code", "c0de", "state", "state-1", "place", "north"));

    Credentials.OAuth2 token = (Credentials.OAuth2) granted.credentials();
    assertThat(token.accessToken()).isEqualTo("at");
    assertThat(token.refreshToken()).isEqualTo("rt");
    assertThat(token.expiresAt()).isEqualTo(Modes.NOW.plus(Duration.ofHours(1)));
    assertThat(granted.account()).isEqualTo("u1");
    assertThat(granted.config()).isEqualTo(Json.parse("{\"site\":\"north\",\"team\":\"42\"}"));
    assertThat(Modes.form(modes.provider.requests().getFirst().body()))
        .containsEntry("grant_type", "authorization_code")
        .containsEntry("code", "c0de")
        .containsEntry("code_verifier", "verifier")
        .containsEntry("client_id", "client-id")
        .containsEntry("client_secret", "hushhush-client-0123456789")
        .containsEntry("redirect_uri", "http://localhost:3003/oauth/callback");
  }

  @Test
  void basic_json_and_no_pkce_where_the_provider_wants_them() {
    modes.provider.answering(request -> Answer.json("{\"access_token\":\"at\"}"));
    AuthModes auth =
        modes.of(
            AUTH + "client_auth: basic\ntoken_body: json\npkce: \"off\"\ncode_param: ticket\n");

    Begun begun = auth.begin(Modes.step(Modes.APP, Modes.connection()));
    auth.finish(
        Modes.step(Modes.APP, Modes.connection()), begun.secrets(), Map.of("ticket", "c0de"));

    assertThat(begun.secrets()).isEmpty();
    assertThat(Modes.query(begun.address())).doesNotContainKey("code_challenge");
    var request = modes.provider.requests().getFirst();
    assertThat(request.headers().get("authorization")).startsWith("Basic ");
    assertThat(Json.parse(request.body()).path("code").asText()).isEqualTo("c0de");
    assertThat(request.body()).doesNotContain("client-secret");
  }

  @Test
  void a_refusal_speaks_in_the_providers_words_and_never_shows_a_secret() {
    modes.provider.answering(request ->
        Answer.json(
            400,
            """
            {"error":"invalid_grant","error_description":"code c0de-0123456789 of hushhush-client-0123456789\\r\\nis used up"}
            """));

    assertThatThrownBy(() ->
            modes
                .of(AUTH)
                .finish(
                    Modes.step(Modes.APP, Modes.connection()),
                    Json.object(),
                    Map.of("code", "c0de-0123456789")))
        .isInstanceOf(AuthRefused.class)
        .hasMessage("Acme answered 400: invalid_grant (code [redacted] of [redacted] is used up)");
  }

  @Test
  void the_customers_no_in_the_callback_is_told() {
    assertThatThrownBy(() ->
            modes
                .of(AUTH)
                .finish(
                    Modes.step(Modes.APP, Modes.connection()),
                    Json.object(),
                    Map.of("error", "access_denied", "error_description", "You said no")))
        .hasMessage("Acme refused: access_denied: You said no");
    assertThat(modes.provider.requests()).isEmpty();
  }

  @Test
  void what_the_callback_tells_must_look_as_declared() {
    modes.provider.answering(
        request -> Answer.json("{\"access_token\":\"at\",\"team\":\"evil.example/\"}"));

    assertThatThrownBy(() ->
            modes
                .of(AUTH)
                .finish(
                    Modes.step(Modes.APP, Modes.connection()), Json.object(), Map.of("code", "c")))
        .hasMessageContaining("told a team that does not look like one");
  }

  @Test
  void a_provider_that_says_nothing_to_a_code_is_given_up_and_named() throws Exception {
    silence(
        new HttpCall.Limits(
            Duration.ofSeconds(10), Duration.ofMillis(300), Duration.ofSeconds(60), 1L << 20));
  }

  @Test
  @Tag("full")
  void a_provider_that_says_nothing_to_a_code_is_given_up_after_thirty_seconds() throws Exception {
    assertThat(silence(TokenEndpoint.LIMITS))
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(34));
  }

  private Duration silence(HttpCall.Limits limits) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RawServer silent = new RawServer(socket -> over.await())) {
      AuthModes waiting = modes.at(silent.url(), AUTH, limits);
      long from = System.nanoTime();

      assertThatThrownBy(() ->
              waiting.finish(
                  Modes.step(Modes.APP, Modes.connection()),
                  Json.object().put("code_verifier", "verifier-0123456789"),
                  Map.of("code", "c0de-0123456789")))
          .isInstanceOfSatisfying(
              HttpFailure.class,
              failure -> {
                assertThat(failure.code()).isEqualTo("timeout");
                assertThat(failure.origin()).isEqualTo(Origin.PROVIDER);
                assertThat(failure)
                    .hasMessageContaining(silent.address())
                    .hasMessageNotContainingAny("c0de", "verifier-", "client-secret");
              });
      Duration took = Duration.ofNanos(System.nanoTime() - from);
      assertThat(silent.accepted()).as("a code is sent once").isEqualTo(1);
      return took;
    } finally {
      over.countDown();
    }
  }

  @Test
  void a_redirect_of_the_token_endpoint_is_not_followed() {
    modes.provider.answering(request ->
        request.path().equals("/token")
            ? Answer.status(307).with("Location", modes.provider.url() + "/stolen")
            : Answer.json("{\"access_token\":\"at\"}"));

    assertThatThrownBy(() ->
            modes
                .of(AUTH)
                .finish(
                    Modes.step(Modes.APP, Modes.connection()), Json.object(), Map.of("code", "c")))
        .isInstanceOf(AuthRefused.class);
    assertThat(modes.provider.requests()).hasSize(1);
  }

  @Test
  void a_refresh_keeps_the_old_refresh_token_where_no_new_one_comes() {
    modes.provider.answering(
        request -> Answer.json("{\"access_token\":\"at2\",\"expires_in\":\"60\"}"));
    AuthModes auth = modes.of(AUTH);
    Grant old = Grant.of(token("rt"));

    HttpAnswer answer = auth.send(Modes.connection(), Modes.APP, old);
    Renewed renewed = auth.read(Modes.connection(), Modes.APP, old, answer);

    assertThat(Modes.form(modes.provider.requests().getFirst().body()))
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("refresh_token", "rt");
    Credentials.OAuth2 fresh =
        (Credentials.OAuth2) ((Renewed.Fresh) renewed).granted().credentials();
    assertThat(fresh.accessToken()).isEqualTo("at2");
    assertThat(fresh.refreshToken()).isEqualTo("rt");
    assertThat(fresh.expiresAt()).isEqualTo(Modes.NOW.plusSeconds(60));
    assertThat(auth.possible(Modes.connection(), token(null))).isFalse();
    assertThat(auth.consuming(Modes.connection(), token("rt"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"error\":\"invalid_grant\"}                                          | REVOKED",
        "400 | {\"error\":\"invalid_grant\",\"error_description\":\"Token has expired\"}   | EXPIRED",
        "400 | {\"error\":\"invalid_grant\",\"error_description\":\"expired or revoked\"}  | REVOKED",
        "401 | {\"error\":\"invalid_client\"}                                         | MISCONFIGURED",
        "400 | {\"error\":\"unauthorized_client\"}                                    | MISCONFIGURED",
        "400 | {\"error\":\"gone_for_good\"}                                          | REVOKED",
        "400 | {\"error\":\"too_old\"}                                                | EXPIRED",
        "200 | {\"ok\":false,\"error\":\"invalid_grant\"}                               | REVOKED",
        "500 | {\"error\":\"invalid_grant\"}                                          | Unclear",
        "503 | <html>sorry</html>                                                   | Unclear",
        "429 | {\"error\":\"invalid_client\"}                                         | Unclear",
        "400 | <html>invalid_grant</html>                                           | Unclear",
        "200 | <html>ok</html>                                                      | Unclear",
        "200 | {}                                                                   | Unclear",
        "200 | []                                                                   | Unclear",
        "400 | {\"error\":{\"code\":7}}                                                | Unclear",
        "302 | ''                                                                   | Unclear",
      })
  void a_refusal_is_classed(int status, String body, String expected) {
    HttpAnswer answer = new HttpAnswer(status, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));

    Renewed renewed =
        modes.of(AUTH).read(Modes.connection(), Modes.APP, Grant.of(token("rt")), answer);

    if (expected.equals("Unclear")) {
      assertThat(renewed).isInstanceOf(Renewed.Unclear.class);
    } else {
      assertThat(((Renewed.Refused) renewed).why()).isEqualTo(Why.valueOf(expected));
    }
  }

  private static Credentials.OAuth2 token(String refreshToken) {
    return new Credentials.OAuth2("at", refreshToken, Modes.NOW, null, null, Json.object());
  }
}
