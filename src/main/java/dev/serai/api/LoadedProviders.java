package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionConfigCheck;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Integration;
import dev.serai.connection.Verification;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The providers of the snapshot in force. */
public final class LoadedProviders implements Providers {
  private final Supplier<Catalogue> catalogue;
  private final Verification verification;
  private final Function<Integration, String> webhooks;
  private final URI own;

  /**
   * @param webhooks the address that webhooks of an integration are sent to
   * @param own how browsers reach us
   */
  public LoadedProviders(
      Supplier<Catalogue> catalogue,
      Verification verification,
      Function<Integration, String> webhooks,
      URI own) {
    this.catalogue = catalogue;
    this.verification = verification;
    this.webhooks = webhooks;
    this.own = own;
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
