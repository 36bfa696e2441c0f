package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Consent.Begun;
import dev.serai.connection.Consent.Step;
import dev.serai.connection.Credentials;
import dev.serai.connection.Granted;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OAuth 2 authorization code with PKCE, and refresh (RFC 6749 §4.1, §6; RFC 7636). */
final class OAuth2Code {
  /** What protects the flow: neither a provider's file nor a caller may change it. */
  private static final Set<String> OURS =
      Set.of("state", "redirect_uri", "client_id", "code_challenge", "code_challenge_method");

  private final TokenEndpoint tokens;
  private final InstantSource clock;

  OAuth2Code(TokenEndpoint tokens, InstantSource clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  Begun begin(Auth.OAuth2Code auth, Step step) {
    String clientId = step.app().clientId();
    if (clientId == null) {
      throw AuthRefused.app(step.candidate().providerConfigKey(), "client ID");
    }
    ObjectNode secrets = Json.object();
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    List<String> scopes = scopes(auth, step);
    if (!scopes.isEmpty()) {
      query.put("scope", String.join(auth.scopeSeparator(), scopes));
    }
    Values values = Values.of(step.candidate().config(), step.app());
    query.putAll(TokenEndpoint.filled(auth.authorizeParams(), values));
    query = step.query(query);
    query.keySet().removeAll(OURS);
    query.put("client_id", clientId);
    query.put("redirect_uri", step.redirectUri().toString());
    query.put("state", step.state());
    if (auth.pkce()) {
      CodeVerifier verifier = new CodeVerifier();
      secrets.put("code_verifier", verifier.getValue());
      query.put(
          "code_challenge", CodeChallenge.compute(CodeChallengeMethod.S256, verifier).getValue());
      query.put("code_challenge_method", "S256");
    }
    return new Begun(
        Addresses.with(Addresses.of(auth.authorizeUrl(), values), List.copyOf(query.entrySet())),
        secrets);
  }

  private static List<String> scopes(Auth.OAuth2Code auth, Step step) {
    if (!step.scopes().isEmpty()) {
      return step.scopes();
    }
    return step.app().scopes().isEmpty() ? auth.scopes() : step.app().scopes();
  }

  Granted finish(
      Provider provider,
      Auth.OAuth2Code auth,
      Step step,
      ObjectNode secrets,
      Map<String, String> callback) {
    App app = step.app();
    String verifier = secrets.path("code_verifier").asText();
    String code =
        Callback.value(
            provider,
            callback,
            auth.codeParam(),
            Secrets.of(app, step.state(), verifier, callback.get(auth.codeParam())));
    Map<String, String> body = new LinkedHashMap<>();
    body.put("grant_type", "authorization_code");
    body.put("code", code);
    body.put("redirect_uri", step.redirectUri().toString());
    if (!verifier.isEmpty()) {
      body.put("code_verifier", verifier);
    }
    Values values = Values.of(step.candidate().config(), app);
    body.putAll(TokenEndpoint.filled(auth.tokenParams(), values));
    HttpAnswer answer =
        tokens.ask(
            auth.token(), auth.token().url(), body, app.clientId(), app.clientSecret(), values);
    TokenAnswer read = TokenAnswer.of(answer, auth.answer());
    String token = read.token();
    if (token == null) {
      List<String> known = Secrets.of(app, code, verifier);
      throw Callback.refused(Refusal.of(provider.displayName(), read, known));
    }
    Credentials.OAuth2 credentials =
        new Credentials.OAuth2(
            token,
            read.refreshToken(),
            read.end(clock.instant()),
            read.refreshEnd(clock.instant(), null, null),
            null,
            null,
            read.raw());
    ObjectNode config = Callback.config(auth.callback(), callback);
    config.setAll(read.config());
    Callback.check(provider, config);
    return new Granted(credentials, config, read.account());
  }
}
