package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.connect.Whereabouts;
import dev.serai.connection.App;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionConfigCheck;
import dev.serai.connection.CredentialJson;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Integration;
import dev.serai.connection.Obtaining;
import dev.serai.connection.SecretConfig;
import dev.serai.connection.Verification;
import dev.serai.connection.signature.Wsse;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** The providers of the snapshot in force. */
public final class LoadedProviders implements Providers {
  private final Supplier<Catalogue> catalogue;
  private final Verification verification;
  private final LongFunction<App> apps;
  private final Obtaining obtaining;
  private final Function<Integration, String> webhooks;
  private final URI own;

  /**
   * @param apps the developer's own app by integration
   * @param webhooks the address that webhooks of an integration are sent to
   * @param own how browsers reach us
   */
  public LoadedProviders(
      Supplier<Catalogue> catalogue,
      Verification verification,
      LongFunction<App> apps,
      Obtaining obtaining,
      Function<Integration, String> webhooks,
      URI own) {
    this.catalogue = catalogue;
    this.verification = verification;
    this.apps = apps;
    this.obtaining = obtaining;
    this.webhooks = webhooks;
    this.own = own;
  }

  @Override
  public Optional<String> installedApp(Integration integration) {
    return authModes(integration.provider()).contains("APP")
        ? Optional.ofNullable(apps.apply(integration.id()).appId())
        : Optional.empty();
  }

  @Override
  public Granted granted(Connection connection, Grant offered) {
    Credentials credentials = offered.credentials();
    return credentials instanceof Credentials.AppInstallation
        ? obtaining.obtain(
            connection, apps.apply(connection.integration()), offered.secretConfig(), credentials)
        : new Granted(credentials, Json.object(), null);
  }

  /** Beside a user name and a password that sign each request, what they sign one with now. */
  @Override
  public ObjectNode shown(Connection connection, Credentials credentials) {
    ObjectNode json = CredentialJson.write(credentials);
    if (credentials instanceof Credentials.Signature(String username, String password)
        && catalogue
                .get()
                .find(connection.provider())
                .flatMap(provider -> provider.auth(credentials.type()))
                .orElse(null)
            instanceof Auth.Signature signature) {
      Instant now = Instant.now();
      json.put("token", Wsse.header(username, password, signature.hexDigest(), now));
      json.put("expires_at", now.plus(Wsse.FRESH).toString());
    }
    return json;
  }

  @Override
  public Optional<String> webhookUrl(Integration integration) {
    return catalogue
        .get()
        .find(integration.provider())
        .filter(provider -> provider.webhooks() != null)
        .map(provider -> webhooks.apply(integration));
  }

  @Override
  public Optional<Entry> find(String provider) {
    return catalogue.get().find(provider).map(LoadedProviders::entry);
  }

  @Override
  public String logo(String provider) {
    return own + ProviderLogos.path(provider);
  }

  @Override
  public List<Entry> all() {
    return catalogue.get().all().stream().map(LoadedProviders::entry).toList();
  }

  @Override
  public List<String> authModes(String provider) {
    return catalogue
        .get()
        .find(provider)
        .map(known -> known.ways().stream().map(Auth::credentials).toList())
        .orElseGet(List::of);
  }

  @Override
  public Set<String> secretFields(String provider) {
    return catalogue.get().find(provider).map(SecretConfig::fields).orElseGet(Set::of);
  }

  @Override
  public boolean sameAddress(String provider, ObjectNode one, ObjectNode other) {
    return catalogue
        .get()
        .find(provider)
        .map(known -> Whereabouts.same(known, one, other))
        .orElse(true);
  }

  @Override
  public Checked check(String provider, ObjectNode connectionConfig) {
    return catalogue
        .get()
        .find(provider)
        .map(known -> ConnectionConfigCheck.check(known, connectionConfig))
        .map(result ->
            new Checked(
                result.config(),
                result.secretConfig(),
                result.problems().stream()
                    .map(problem -> new Problem(problem.field(), problem.message()))
                    .toList()))
        .orElseGet(() -> new Checked(connectionConfig, List.of()));
  }

  @Override
  public Optional<String> verify(Connection connection, Credentials credentials) {
    return verify(connection, Grant.of(credentials));
  }

  @Override
  public Optional<String> verify(Connection connection, Grant offered) {
    return Optional.ofNullable(tried(connection, offered).refusal());
  }

  @Override
  public Tried tried(Connection connection, Grant offered) {
    return switch (verification.verify(connection, offered)) {
      case Verification.Outcome.Accepted accepted -> new Tried(null, accepted.account());
      case Verification.Outcome.NotDeclared none -> new Tried(null, null);
      case Verification.Outcome.Refused refused -> new Tried(refused.message(), null);
      case Verification.Outcome.Unreachable unreachable ->
          new Tried(String.valueOf(unreachable.why().getMessage()), null);
    };
  }

  private static Entry entry(Provider provider) {
    return new Entry(
        provider.name(),
        provider.displayName(),
        provider.auth().credentials(),
        ProviderFacts.of(provider, provider.ways()));
  }
}
