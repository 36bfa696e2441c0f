package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.connection.App;
import dev.serai.connection.Consent.Step;
import dev.serai.connection.Credentials;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.provider.Jslt;
import dev.serai.provider.Provider;
import dev.serai.provider.Tokens;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Whether an installation is the customer's who came back with its ID, which his browser could have
 * made up: the provider is asked what he may see, with a token of his own that is kept nowhere.
 */
record InstallationProof(Tokens.Ownership declared, TokenEndpoint tokens) {

  /** Before anybody is sent away to install something. */
  static void check(Step step) {
    if (step.app().clientId() == null || step.app().clientSecret() == null) {
      throw AuthRefused.app(
          step.candidate().providerConfigKey(),
          "client ID and secret, by which an installation proves to be the customer's");
    }
  }

  /**
   * @throws AuthRefused unless the customer may see the installation
   */
  void of(
      Provider provider,
      Step step,
      Credentials.AppInstallation installed,
      Map<String, String> callback) {
    check(step);
    String token = token(provider, step, callback);
    Values values = Values.of(step.candidate().config(), Json.object(), installed, step.app());
    HttpAnswer answer =
        tokens.send(
            new HttpCall(
                "GET",
                Addresses.of(declared.list(), values),
                Headers.NONE
                    .with("Accept", "application/json")
                    .with("Authorization", "Bearer " + token),
                null,
                TokenEndpoint.LIMITS));
    if (!answer.ok() || !lists(answer, installed.installationId())) {
      throw new AuthRefused(
          Callback.FAILED,
          Origin.PROVIDER,
          "%s does not say that this installation is yours: install the app with an account that may see it"
              .formatted(provider.displayName()));
    }
  }

  private String token(Provider provider, Step step, Map<String, String> callback) {
    App app = step.app();
    String code =
        Callback.value(
            provider, callback, "code", Secrets.of(app, step.state(), callback.get("code")));
    Map<String, String> body = new LinkedHashMap<>();
    body.put("grant_type", "authorization_code");
    body.put("code", code);
    HttpAnswer answer =
        tokens.ask(
            declared.token(),
            declared.token().url(),
            body,
            app.clientId(),
            app.clientSecret(),
            Values.of(step.candidate().config(), app));
    TokenAnswer read = TokenAnswer.of(answer, WORDS);
    String token = read.token();
    if (token == null) {
      throw Callback.refused(Refusal.of(provider.displayName(), read, Secrets.of(app, code)));
    }
    return token;
  }

  private boolean lists(HttpAnswer answer, String installation) {
    Jslt ids = declared.ids();
    if (ids == null) {
      return true;
    }
    try {
      JsonNode listed = ids.apply(Json.parse(answer.body()));
      return StreamSupport.stream(listed.spliterator(), false)
          .anyMatch(id -> id.asText().equals(installation));
    } catch (IOException | RuntimeException e) {
      return false; // an answer that the expression does not suit names nobody's
    }
  }

  private static final Tokens.Answer WORDS =
      new Tokens.Answer(
          Jslt.compile(".access_token"),
          Jslt.compile("null"),
          Jslt.compile("null"),
          null,
          Jslt.compile("null"),
          Jslt.compile(".error"),
          Jslt.compile(".error_description"),
          null,
          Map.of());
}
