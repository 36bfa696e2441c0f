package dev.serai.connection;

import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.vault.Vault;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The integrations' apps and webhook secrets at rest, sealed for their rows. Thread-safe. */
public final class AppVault {
  private static final String PURPOSE = "integration";
  private static final String WEBHOOKS = "webhook_secret";

  private final AppStore store;
  private final Vault vault;

  public AppVault(Database database, Vault vault) {
    this.store = new AppStore(database);
    this.vault = vault;
  }

  /** The app in force; {@link App#NONE} if the integration has none. */
  public App of(long integration) {
    return store
        .credentials(integration)
        .map(sealed -> vault.openText(PURPOSE, Long.toString(integration), sealed))
        .map(text -> App.of(Json.parse(text)))
        .orElse(App.NONE);
  }

  /** The secret that the provider signs webhooks of this integration with, if one was set. */
  public Optional<String> webhookSecret(long integration) {
    return store
        .webhookSecret(integration)
        .map(sealed -> vault.openText(WEBHOOKS, Long.toString(integration), sealed));
  }

  /** Sets the app in the caller's transaction. */
  void put(Handle transaction, long integration, App app) {
    byte[] sealed = vault.seal(PURPOSE, Long.toString(integration), Json.write(app.json()));
    store.putCredentials(transaction, integration, sealed);
  }

  /** Sets the webhook secret where there is none; false if there is one: it stays. */
  public boolean keepWebhookSecret(long integration, String secret) {
    return store.keepWebhookSecret(
        integration, vault.seal(WEBHOOKS, Long.toString(integration), secret));
  }

  /** Sets the webhook secret in the caller's transaction. */
  void putWebhookSecret(Handle transaction, long integration, String secret) {
    byte[] sealed = vault.seal(WEBHOOKS, Long.toString(integration), secret);
    store.putWebhookSecret(transaction, integration, sealed);
  }
}
