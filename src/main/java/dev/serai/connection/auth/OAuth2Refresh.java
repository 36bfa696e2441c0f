package dev.serai.connection.auth;

import dev.serai.connection.App;
import dev.serai.connection.Credentials;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import dev.serai.provider.Template;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** A refresh token for a new access token (RFC 6749 §6). */
record OAuth2Refresh(Auth.OAuth2Code auth, TokenEndpoint tokens, InstantSource clock)
    implements Exchange {

  @Override
  public HttpAnswer ask(Demand demand) {
    Credentials.OAuth2 had = (Credentials.OAuth2) demand.credentials();
    App app = own(demand.app(), had);
    Values values = Values.of(demand.connection().config(), app);
    Map<String, String> body = new LinkedHashMap<>();
    body.put("grant_type", "refresh_token");
    body.put("refresh_token", had.refreshToken() == null ? "" : had.refreshToken());
    body.putAll(TokenEndpoint.filled(auth.refreshParams(), values));
    Template url = auth.refreshUrl() == null ? auth.token().url() : auth.refreshUrl();
    return tokens.ask(auth.token(), url, body, app.clientId(), app.clientSecret(), values);
  }

  @Override
  public TokenAnswer understand(HttpAnswer answer) {
    return TokenAnswer.of(answer, auth.answer());
  }

  @Override
  public Credentials granted(Demand demand, TokenAnswer answer, String token) {
    Credentials.OAuth2 had = (Credentials.OAuth2) demand.credentials();
    String next = answer.refreshToken();
    return new Credentials.OAuth2(
        token,
        next == null ? had.refreshToken() : next,
        answer.end(clock.instant()),
        answer.refreshEnd(clock.instant(), had.refreshToken(), had.refreshTokenExpiresAt()),
        had.clientId(),
        had.clientSecret(),
        answer.raw());
  }

  @Override
  public Tokens.Renewing renewing() {
    return auth.renewing();
  }

  /** The customer's own app, where the connection was made with one. */
  private static App own(App app, Credentials.OAuth2 credentials) {
    return credentials.clientId() == null
        ? app
        : new App(
            credentials.clientId(), credentials.clientSecret(), app.scopes(), null, null, null);
  }
}
