package dev.serai.connection.auth;

import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.connection.Connection;
import dev.serai.connection.Consent.Begun;
import dev.serai.connection.Consent.Step;
import dev.serai.connection.Credentials;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import dev.serai.provider.Provider;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** An app's own signature for a token of one installation. */
record Installation(Auth.AppInstall auth, TokenEndpoint tokens, InstantSource clock)
    implements Exchange {

  /** To the page where the app is installed. */
  Begun begin(Step step) {
    Connection candidate = step.candidate();
    if (step.app().privateKey() == null || step.app().appId() == null) {
      throw AuthRefused.app(candidate.providerConfigKey(), "app ID and private key");
    }
    if (auth.prove() != null) {
      InstallationProof.check(step);
    }
    Map<String, String> query = step.query(Map.of());
    query.put("state", step.state());
    return new Begun(
        Addresses.with(
            Addresses.of(auth.installUrl(), Values.of(candidate.config(), step.app())),
            List.copyOf(query.entrySet())),
        Json.object());
  }

  /** What the browser brought back, before a token was got for it. */
  static Credentials.AppInstallation installed(
      Provider provider, Step step, Map<String, String> callback) {
    if ("request".equals(callback.get("setup_action"))) {
      throw new AuthRefused(
          Callback.FAILED,
          Origin.CALLER,
          provider.displayName()
              + ": an owner has to approve the installation; connect again when that is done");
    }
    String id =
        Callback.value(provider, callback, "installation_id", Secrets.of(step.app(), step.state()));
    if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new AuthRefused(
          Callback.FAILED, Origin.PROVIDER, "the installation's ID is none: " + id.length());
    }
    return new Credentials.AppInstallation(id, "", null, Json.object());
  }

  @Override
  public HttpAnswer ask(Demand demand) {
    if (demand.app().privateKey() == null || demand.app().appId() == null) {
      throw AuthRefused.app(demand.connection().providerConfigKey(), "app ID and private key");
    }
    Values values = demand.values();
    Headers headers =
        TokenEndpoint.headers(auth.token().headers(), values)
            .with(
                "Authorization",
                "Bearer " + TokenSigner.sign(auth.signed(), values, clock.instant()));
    return tokens.post(
        Addresses.of(auth.token().url(), values),
        headers,
        TokenEndpoint.filled(auth.tokenParams(), values),
        true);
  }

  @Override
  public TokenAnswer understand(HttpAnswer answer) {
    return TokenAnswer.of(answer, auth.answer());
  }

  @Override
  public Credentials granted(Demand demand, TokenAnswer answer, String token) {
    String id = ((Credentials.AppInstallation) demand.credentials()).installationId();
    return new Credentials.AppInstallation(id, token, answer.end(clock.instant()), answer.raw());
  }

  @Override
  public Tokens.Renewing renewing() {
    return auth.renewing();
  }

  /**
   * 404: it was uninstalled; 403: suspended; 401: our own signature is wrong, or the time in it.
   */
  @Override
  public Renewed meaning(Refusal refusal) {
    return refusal.meaning(
        renewing(),
        no ->
            switch (no.status()) {
              case 404, 403 -> no.refused(Why.REVOKED);
              case 401 ->
                  no.trouble().untimely(clock.instant())
                      ? no.unclear()
                      : no.refused(Why.MISCONFIGURED);
              default -> null;
            });
  }
}
