package dev.serai.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.api.Catalogue;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionConfigCheck;
import dev.serai.connection.Credentials;
import dev.serai.connection.Verification;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import java.util.List;
import java.util.Optional;

/** The providers as the API asks for them. */
final class ListedProviders implements Catalogue {
  private final dev.serai.provider.Catalogue providers;
  private final Verification verification;

  ListedProviders(dev.serai.provider.Catalogue providers, Verification verification) {
    this.providers = providers;
    this.verification = verification;
  }

  @Override
  public Optional<Entry> find(String provider) {
    return providers.find(provider).map(ListedProviders::entry);
  }

  @Override
  public List<Entry> all() {
    return providers.all().stream().map(ListedProviders::entry).toList();
  }

  @Override
  public List<Problem> check(String provider, ObjectNode connectionConfig) {
    return providers
        .find(provider)
        .map(found -> ConnectionConfigCheck.check(found, connectionConfig).problems())
        .orElse(List.of())
        .stream()
        .map(problem -> new Problem(problem.field(), problem.message()))
        .toList();
  }

  @Override
  public Optional<String> verify(Connection connection, Credentials credentials) {
    return switch (verification.verify(connection, credentials)) {
      case Verification.Outcome.Accepted() -> Optional.empty();
      case Verification.Outcome.NotDeclared() -> Optional.empty();
      case Verification.Outcome.Refused refused -> Optional.of(refused.message());
      case Verification.Outcome.Unreachable unreachable ->
          Optional.of(String.valueOf(unreachable.why().getMessage()));
    };
  }

  private static Entry entry(Provider provider) {
    ObjectNode shown = Json.object();
    shown.put("display_name", provider.displayName());
    shown.put("auth_mode", authMode(provider.auth()));
    provider.categories().forEach(shown.withArray("categories")::add);
    if (provider.docs() != null) {
      shown.put("docs", provider.docs());
    }
    ObjectNode config = shown.putObject("connection_config");
    provider
        .config()
        .forEach((key, field) ->
            config
                .putObject(key)
                .put("type", "string")
                .put("title", field.title())
                .put("description", field.description())
                .put("pattern", field.pattern().pattern())
                .put("example", field.example()));
    return new Entry(provider.name(), provider.displayName(), authMode(provider.auth()), shown);
  }

  private static String authMode(Auth auth) {
    return auth.credentials();
  }
}
