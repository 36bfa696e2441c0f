package dev.serai.inbox;

import dev.serai.connection.App;
import dev.serai.connection.AppVault;
import dev.serai.connection.Connection;
import dev.serai.connection.Grant;
import dev.serai.provider.WebhookSpec.Secret;
import dev.serai.provider.WebhookSpec.SecretSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the secret that a delivery must be proven with. Thread-safe. */
public final class Secrets {
  private final AppVault apps;
  private final Function<Connection, Grant> grants;

  /**
   * @param grants what is sealed of a connection, as it is stored and never renewed for this
   */
  public Secrets(AppVault apps, Function<Connection, Grant> grants) {
    this.apps = apps;
    this.grants = grants;
  }

  /**
   * The first that is set.
   *
   * @param connection null: only what the integration has
   */
  Optional<String> find(Secret declared, long integration, @Nullable Connection connection) {
    return declared.sources().stream()
        .flatMap(source -> find(source, integration, connection).stream())
        .filter(secret -> !secret.isBlank())
        .findFirst();
  }

  private Optional<String> find(
      SecretSource source, long integration, @Nullable Connection connection) {
    return switch (source) {
      case SecretSource.Published(String key) -> Optional.of(key);
      case SecretSource.Address() -> Optional.empty(); // found by the address, not by this
      case SecretSource.Webhook() -> apps.webhookSecret(integration);
      case SecretSource.Client() -> {
        App app = apps.of(integration);
        yield Optional.ofNullable(app.clientSecret());
      }
      case SecretSource.Config(String field) ->
          connection == null
              ? Optional.empty()
              : text(grants.apply(connection).secretConfig().path(field));
    };
  }

  private static Optional<String> text(com.fasterxml.jackson.databind.JsonNode node) {
    return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
  }
}
