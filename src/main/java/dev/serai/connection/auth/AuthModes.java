package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
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
import dev.serai.http.HttpCall;
import dev.serai.http.OutgoingHttp;
import dev.serai.provider.Auth;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.provider.UnknownProvider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Every way in, by what the provider declares. Thread-safe; stores nothing. */
public final class AuthModes implements Consent, Obtaining, Renewal {
  private final Supplier<Catalogue> catalogue;
  private final TokenEndpoint tokens;
  private final InstantSource clock;

  /**
   * @param catalogue the snapshot in force; asked on every call
   */
  public AuthModes(OutgoingHttp http, Supplier<Catalogue> catalogue, InstantSource clock) {
    this(http, catalogue, clock, TokenEndpoint.LIMITS);
  }

  /**
   * @param limits of a call to an OAuth 2 token endpoint
   */
  public AuthModes(
      OutgoingHttp http,
      Supplier<Catalogue> catalogue,
      InstantSource clock,
      HttpCall.Limits limits) {
    this.catalogue = catalogue;
    this.tokens = new TokenEndpoint(http, limits);
    this.clock = clock;
  }

  @Override
  public Begun begin(Step step) {
    Provider provider = provider(step.candidate());
    return switch (consent(provider)) {
      case Auth.OAuth2Code auth -> new OAuth2Code(tokens, clock).begin(auth, step);
      case Auth.OAuth1 auth -> new OAuth1Consent(auth, tokens, clock).begin(provider, step);
      case Auth.AppInstall auth -> new Installation(auth, tokens, clock).begin(step);
      case Auth other -> throw noConsent(provider);
    };
  }

  @Override
  public Granted finish(Step step, ObjectNode secrets, Map<String, String> callback) {
    Provider provider = provider(step.candidate());
    return switch (consent(provider)) {
      case Auth.OAuth2Code auth ->
          new OAuth2Code(tokens, clock).finish(provider, auth, step, secrets, callback);
      case Auth.OAuth1 auth ->
          new OAuth1Consent(auth, tokens, clock).finish(provider, step, secrets, callback);
      case Auth.AppInstall auth -> installed(provider, auth, step, callback);
      case Auth other -> throw noConsent(provider);
    };
  }

  private Granted installed(
      Provider provider, Auth.AppInstall auth, Step step, Map<String, String> callback) {
    Credentials.AppInstallation installed = Installation.installed(provider, step, callback);
    if (auth.prove() != null) {
      new InstallationProof(auth.prove(), tokens).of(provider, step, installed, callback);
    }
    ObjectNode told = Callback.config(auth.callback(), callback);
    Callback.check(provider, told);
    Granted granted = obtain(step.candidate(), step.app(), Json.object(), installed);
    told.setAll(granted.config());
    return new Granted(granted.credentials(), told, granted.account());
  }

  @Override
  public Granted obtain(
      Connection candidate, App app, ObjectNode secretConfig, Credentials entered) {
    Provider provider = provider(candidate);
    Exchange exchange = exchange(auth(provider, entered));
    if (exchange == null || !lacksToken(entered)) {
      return new Granted(entered, Json.object(), null);
    }
    Demand demand = new Demand(provider, candidate, app, secretConfig, entered);
    if (exchange instanceof AwsRoles aws) {
      aws.check(demand);
    }
    TokenAnswer answer = exchange.understand(exchange.ask(demand));
    String token = answer.token();
    if (token == null) {
      Refusal refusal = Refusal.of(provider.displayName(), answer, demand.secrets());
      throw new AuthRefused("connection_test_failed", refusal.message(), refusal.said());
    }
    ObjectNode told = answer.config();
    Callback.check(provider, told);
    return new Granted(
        exchange.granted(demand, answer, token), told, account(answer.account(), entered));
  }

  /** Where nobody names the account, an installation is one. */
  private static @Nullable String account(@Nullable String named, Credentials entered) {
    return named == null && entered instanceof Credentials.AppInstallation installation
        ? installation.installationId()
        : named;
  }

  @Override
  public boolean possible(Connection connection, Credentials credentials) {
    return switch (credentials) {
      case Credentials.OAuth2 token -> token.refreshToken() != null;
      case Credentials.OAuth2Client client ->
          client.clientSecret() != null || client.privateKey() != null;
      default -> exchange(auth(provider(connection), credentials)) != null;
    };
  }

  @Override
  public boolean consuming(Connection connection, Credentials credentials) {
    Auth auth = auth(provider(connection), credentials);
    return switch (credentials) {
      case Credentials.OAuth2 token -> auth.renewing().rotates();
      case Credentials.TwoStep token ->
          token.refreshToken() != null
              && auth instanceof Auth.TwoStep steps
              && steps.refresh() != null
              && !Steps.repeatable(steps, token)
              && auth.renewing().rotates();
      default -> false;
    };
  }

  @Override
  public HttpAnswer send(
      Connection connection, App app, Grant old, UnaryOperator<Duration> patience) {
    Provider provider = provider(connection);
    return renewal(provider, old, tokens.within(patience), clock)
        .ask(demand(provider, connection, app, old));
  }

  @Override
  public Renewed read(
      Connection connection, App app, Grant old, HttpAnswer answer, Duration waited) {
    Provider provider = provider(connection);
    Exchange exchange = renewal(provider, old, tokens, () -> clock.instant().minus(waited));
    Demand demand = demand(provider, connection, app, old);
    TokenAnswer read = exchange.understand(answer);
    String token = read.token();
    if (token == null) {
      return exchange.meaning(Refusal.of(provider.displayName(), read, demand.secrets()));
    }
    return new Renewed.Fresh(
        new Granted(
            exchange.granted(demand, read, token),
            Callback.valid(provider, read.config()),
            read.account()));
  }

  private static Demand demand(Provider provider, Connection connection, App app, Grant old) {
    return new Demand(provider, connection, app, old.secretConfig(), old.credentials());
  }

  private static Exchange renewal(
      Provider provider, Grant old, TokenEndpoint tokens, InstantSource clock) {
    Exchange exchange = exchange(auth(provider, old.credentials()), tokens, clock);
    if (exchange == null) {
      throw new IllegalStateException("nothing to renew: ask possible() first");
    }
    return exchange;
  }

  /** Null: what is entered, or was consented to once, is what is sent. */
  private @Nullable Exchange exchange(Auth auth) {
    return exchange(auth, tokens, clock);
  }

  private static @Nullable Exchange exchange(Auth auth, TokenEndpoint tokens, InstantSource clock) {
    return switch (auth) {
      case Auth.OAuth2Code code -> new OAuth2Refresh(code, tokens, clock);
      case Auth.OAuth2Client client -> new ClientCredentials(client, tokens, clock);
      case Auth.Jwt jwt -> new OwnToken(jwt, clock);
      case Auth.TwoStep steps -> new Steps(steps, tokens, clock);
      case Auth.AppInstall app -> new Installation(app, tokens, clock);
      case Auth.AwsSigV4 aws -> new AwsRoles(aws, tokens, clock);
      case Auth.None none -> null;
      case Auth.ApiKey key -> null;
      case Auth.Basic basic -> null;
      case Auth.OAuth1 oauth -> null;
      case Auth.Tba tba -> null;
      case Auth.Signature signature -> null;
    };
  }

  private static boolean lacksToken(Credentials entered) {
    return switch (entered) {
      case Credentials.OAuth2 token -> token.accessToken().isEmpty();
      case Credentials.OAuth2Client client -> client.token().isEmpty();
      case Credentials.Jwt jwt -> jwt.token().isEmpty();
      case Credentials.TwoStep steps -> steps.token().isEmpty();
      case Credentials.AppInstallation app -> app.accessToken().isEmpty();
      case Credentials.AwsRole role -> role.sessionToken().isEmpty();
      default -> false;
    };
  }

  private Provider provider(Connection connection) {
    return catalogue
        .get()
        .find(connection.provider())
        .orElseThrow(() -> new UnknownProvider(connection.provider()));
  }

  private static Auth consent(Provider provider) {
    return provider.consent().orElseThrow(() -> noConsent(provider));
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
