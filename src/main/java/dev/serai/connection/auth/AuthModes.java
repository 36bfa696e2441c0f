package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Origin;
import dev.serai.connection.App;
import dev.serai.connection.Connection;
import dev.serai.connection.Consent;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Obtaining;
import dev.serai.connection.Renewal;
import dev.serai.http.HttpAnswer;
import dev.serai.http.OutgoingHttp;
import dev.serai.provider.Auth;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.provider.UnknownProvider;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/** Every way in, by what the provider declares. Thread-safe; stores nothing. */
public final class AuthModes implements Consent, Obtaining, Renewal {
  private final Supplier<Catalogue> catalogue;
  private final OAuth2Code oauth2;

  /**
   * @param catalogue the snapshot in force; asked on every call
   */
  public AuthModes(OutgoingHttp http, Supplier<Catalogue> catalogue, InstantSource clock) {
    this.catalogue = catalogue;
    TokenEndpoint tokens = new TokenEndpoint(http);
    this.oauth2 = new OAuth2Code(tokens, clock);
  }

  @Override
  public Begun begin(Step step) {
    Provider provider = provider(step.candidate());
    return switch (consent(provider)) {
      case Auth.OAuth2Code auth -> oauth2.begin(auth, step);
      case Auth other -> throw noConsent(provider);
    };
  }

  @Override
  public Granted finish(Step step, ObjectNode secrets, Map<String, String> callback) {
    Provider provider = provider(step.candidate());
    return switch (consent(provider)) {
      case Auth.OAuth2Code auth -> oauth2.finish(provider, auth, step, secrets, callback);
      case Auth other -> throw noConsent(provider);
    };
  }

  @Override
  public Granted obtain(
      Connection candidate, App app, ObjectNode secretConfig, Credentials entered) {
    return new Granted(entered, dev.serai.Json.object(), null);
  }

  @Override
  public boolean possible(Connection connection, Credentials credentials) {
    return switch (credentials) {
      case Credentials.OAuth2 token -> token.refreshToken() != null;
      default -> false;
    };
  }

  @Override
  public boolean consuming(Connection connection, Credentials credentials) {
    return auth(provider(connection), credentials).renewing().rotates();
  }

  @Override
  public HttpAnswer send(Connection connection, App app, Grant old) {
    Provider provider = provider(connection);
    return switch (auth(provider, old.credentials())) {
      case Auth.OAuth2Code auth -> oauth2.refresh(auth, connection, app, old);
      case Auth other -> throw new IllegalStateException("nothing to renew: ask possible() first");
    };
  }

  @Override
  public Renewed read(Connection connection, App app, Grant old, HttpAnswer answer) {
    Provider provider = provider(connection);
    return switch (auth(provider, old.credentials())) {
      case Auth.OAuth2Code auth -> oauth2.read(provider, auth, app, old, answer);
      case Auth other -> throw new IllegalStateException("nothing to renew: ask possible() first");
    };
  }

  private Provider provider(Connection connection) {
    return catalogue
        .get()
        .find(connection.provider())
        .orElseThrow(() -> new UnknownProvider(connection.provider()));
  }

  private static Auth consent(Provider provider) {
    return provider.ways().stream()
        .filter(way ->
            way instanceof Auth.OAuth2Code
                || way instanceof Auth.OAuth1
                || way instanceof Auth.AppInstall)
        .findFirst()
        .orElseThrow(() -> noConsent(provider));
  }

  private static Auth auth(Provider provider, Credentials credentials) {
    return provider
        .auth(credentials.type())
        .orElseThrow(() -> mode(provider, "does not support " + credentials.type() + " auth"));
  }

  private static AuthRefused noConsent(Provider provider) {
    return mode(provider, "has no page to consent at: enter credentials instead");
  }

  private static AuthRefused mode(Provider provider, String what) {
    return new AuthRefused(
        "invalid_auth_mode", Origin.CALLER, "provider " + provider.name() + " " + what);
  }
}
