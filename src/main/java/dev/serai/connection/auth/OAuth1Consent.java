package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.connection.App;
import dev.serai.connection.Consent.Begun;
import dev.serai.connection.Consent.Step;
import dev.serai.connection.Credentials;
import dev.serai.connection.Granted;
import dev.serai.connection.signature.OAuth1Signature;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Redirection-based authorization of OAuth 1.0a (RFC 5849 §2). */
record OAuth1Consent(Auth.OAuth1 auth, TokenEndpoint tokens, InstantSource clock) {

  Begun begin(Provider provider, Step step) {
    Values values = Values.of(step.candidate().config(), step.app());
    // The protocol has no state of its own: it travels in the address to come back to.
    URI back = Addresses.with(step.redirectUri(), List.of(Map.entry("state", step.state())));
    Map<String, String> form = TokenEndpoint.filled(auth.requestParams(), values);
    TokenAnswer answer =
        ask(
            Addresses.of(auth.requestUrl(), values),
            step,
            "",
            "",
            form,
            Map.of("oauth_callback", back.toString()));
    String token = answer.raw().path("oauth_token").asText("");
    String secret = answer.raw().path("oauth_token_secret").asText("");
    if (answer.status() / 100 != 2 || token.isEmpty()) {
      throw refused(provider, step.app(), answer);
    }
    Map<String, String> query = step.query(TokenEndpoint.filled(auth.authorizeParams(), values));
    query.put("oauth_token", token);
    return new Begun(
        Addresses.with(Addresses.of(auth.authorizeUrl(), values), List.copyOf(query.entrySet())),
        Json.object().put("oauth_token", token).put("oauth_token_secret", secret));
  }

  Granted finish(Provider provider, Step step, ObjectNode secrets, Map<String, String> callback) {
    String asked = secrets.path("oauth_token").asText();
    String askedSecret = secrets.path("oauth_token_secret").asText();
    String verifier =
        Callback.value(
            provider,
            callback,
            "oauth_verifier",
            Secrets.of(step.app(), step.state(), asked, askedSecret));
    if (!same(asked, callback.getOrDefault("oauth_token", ""))) {
      throw new AuthRefused(
          Callback.FAILED,
          Origin.PROVIDER,
          provider.displayName() + " sent the browser back with another request's token");
    }
    Values values = Values.of(step.candidate().config(), step.app());
    TokenAnswer answer =
        ask(
            Addresses.of(auth.tokenUrl(), values),
            step,
            asked,
            askedSecret,
            Map.of(),
            Map.of("oauth_verifier", verifier));
    String token = answer.token();
    String secret = answer.raw().path("oauth_token_secret").asText("");
    if (token == null || secret.isEmpty()) {
      throw refused(provider, step.app(), answer, verifier, askedSecret);
    }
    ObjectNode config = Callback.config(auth.callback(), callback);
    config.setAll(answer.config());
    Callback.check(provider, config);
    return new Granted(
        new Credentials.OAuth1(token, secret, answer.raw()), config, answer.account());
  }

  private TokenAnswer ask(
      URI address,
      Step step,
      String token,
      String tokenSecret,
      Map<String, String> form,
      Map<String, String> more) {
    App app = step.app();
    if (app.clientId() == null || app.clientSecret() == null) {
      throw AuthRefused.app(step.candidate().providerConfigKey(), "client ID and secret");
    }
    OAuth1Signature signature =
        new OAuth1Signature(
            app.clientId(), app.clientSecret(), token, tokenSecret, auth.signature(), null);
    Headers headers =
        Headers.NONE.with(
            "Authorization", signature.header("POST", address, form, more, clock.instant()));
    HttpAnswer answer = tokens.post(address, headers, form, false);
    return TokenAnswer.of(answer, auth.answer());
  }

  private static AuthRefused refused(
      Provider provider, App app, TokenAnswer answer, @Nullable String... secrets) {
    List<String> known = new ArrayList<>(Secrets.of(app, secrets));
    return Callback.refused(Refusal.of(provider.displayName(), answer, known));
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
