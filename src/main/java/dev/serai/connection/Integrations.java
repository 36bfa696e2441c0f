package dev.serai.connection;

import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.database.Database;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The life of integrations. Every change is one transaction: an integration has the secrets it was
 * given, or does not exist. Thread-safe.
 */
public final class Integrations {
  private final Database database;
  private final IntegrationStore store;
  private final AppVault vault;
  private final List<AppListener> listeners;

  public Integrations(
      Database database, IntegrationStore store, AppVault vault, List<AppListener> listeners) {
    this.database = database;
    this.store = store;
    this.vault = vault;
    this.listeners = List.copyOf(listeners);
  }

  /** Empty if the unique key is taken. */
  public Optional<Integration> create(int environment, Draft draft, IntegrationSecrets secrets) {
    return database.inTransaction(handle -> {
      Optional<Integration> made = store.create(handle, environment, draft);
      made.ifPresent(integration -> seal(handle, integration, secrets));
      return made;
    });
  }

  /** Empty if it is gone, the new unique key is taken, or a rename would orphan connections. */
  public Optional<Integration> update(long id, Draft draft, IntegrationSecrets secrets) {
    return database.inTransaction(handle -> {
      Optional<Integration> changed = store.update(handle, id, draft);
      changed.ifPresent(integration -> {
        seal(handle, integration, secrets);
        if (secrets.app() != null) {
          listeners.forEach(listener -> listener.appChanged(handle, integration));
        }
      });
      return changed;
    });
  }

  /** The app in force; {@link App#NONE} if there is none. */
  public App app(Integration integration) {
    return vault.of(integration.id());
  }

  public Optional<String> webhookSecret(Integration integration) {
    return vault.webhookSecret(integration.id());
  }

  private void seal(Handle handle, Integration integration, IntegrationSecrets secrets) {
    App app = secrets.app();
    if (app != null) {
      vault.put(handle, integration.id(), app);
    }
    String webhookSecret = secrets.webhookSecret();
    if (webhookSecret != null) {
      vault.putWebhookSecret(handle, integration.id(), webhookSecret);
    }
  }
}
