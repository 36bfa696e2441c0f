package dev.serai.api;

import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Renewal;
import dev.serai.connection.connect.Attempt;
import dev.serai.connection.connect.ConnectRefused;
import dev.serai.connection.connect.Connecting;
import java.util.Optional;

/** What a popup brought along that needs no consent: a token that the customer has already. */
record Brought(OAuthPages.Ways ways) {
  private static final TextRule TOKEN = TextRule.size(1, 4_096);

  /** Credentials that work, of what came; empty: the customer has to consent first. */
  Optional<Granted> of(ApiRequest request, Attempt attempt) {
    Fields query = Fields.query(request);
    query.keys().forEach(query::expect);
    Optional<String> id = query.optionalText("token_id", TOKEN);
    Optional<String> secret = query.optionalText("token_secret", TOKEN);
    Optional<String> refresh =
        query
            .nested("credentials")
            .flatMap(own -> {
              own.keys().forEach(own::expect);
              return own.optionalText("oauth_refresh_token_override", TOKEN);
            });
    query.check();
    if (id.isPresent() && secret.isPresent()) {
      Credentials tba =
          new Credentials.Tba(id.get(), secret.get(), attempt.clientId(), attempt.clientSecret());
      return Optional.of(CredentialPages.obtained(ways, attempt, tba));
    }
    return refresh.map(token -> refreshed(attempt, token));
  }

  private Granted refreshed(Attempt attempt, String refreshToken) {
    Connecting.Candidate candidate = ways.connecting().candidate(attempt);
    // A refresh token may be good for one use: nothing may be wrong after it.
    ways.connecting().check(candidate);
    candidate
        .provider()
        .auth("OAUTH2")
        .ifPresent(
            way -> ways.connecting().checkApp(attempt, candidate, way, attempt.clientId() != null));
    App app = ways.connecting().app(attempt);
    Credentials token = new Credentials.OAuth2("", refreshToken, null, null, null, Json.object());
    Grant old = new Grant(token, candidate.config().secret(), 0);
    if (!ways.renewal().possible(candidate.connection(), token)) {
      throw new ConnectRefused("auth_mode_err", "This provider has no refresh tokens");
    }
    Renewal.Renewed renewed =
        ways.renewal()
            .read(
                candidate.connection(),
                app,
                old,
                ways.renewal().send(candidate.connection(), app, old));
    return switch (renewed) {
      case Renewal.Renewed.Fresh fresh -> fresh.granted();
      case Renewal.Renewed.Unclear unclear ->
          throw new ConnectRefused("token_err", unclear.message());
      case Renewal.Renewed.Refused refused ->
          throw new ConnectRefused("token_err", refused.message());
    };
  }
}
