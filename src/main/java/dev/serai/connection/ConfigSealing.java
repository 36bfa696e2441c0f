package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.provider.Provider;
import dev.serai.vault.Vault;
import dev.serai.vault.VaultException;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals what stands in the open because its field was not marked secret yet when it was configured.
 * Each connection in one transaction, under its lock, so a value is in one place or the other; what
 * a crash leaves is done at the next start. Safe on several nodes at once.
 */
public final class ConfigSealing {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigSealing.class);
  private static final int BATCH = 500;

  private final Database database;
  private final ConfigStore store;
  private final CredentialVault vault;

  public ConfigSealing(Database database, Vault vault) {
    this.database = database;
    this.store = new ConfigStore(database);
    this.vault = new CredentialVault(database, vault);
  }

  /** Answers of how many connections of this provider something was sealed. */
  public int seal(Provider provider) {
    Set<String> secret = SecretConfig.fields(provider);
    if (secret.isEmpty()) {
      return 0;
    }
    store.takeOutOfDeleted(provider.name(), secret);
    int sealed = 0;
    for (List<Long> some = store.exposing(provider.name(), secret, 0, BATCH);
        !some.isEmpty();
        some = store.exposing(provider.name(), secret, some.getLast(), BATCH)) {
      for (long connection : some) {
        sealed += seal(connection, secret) ? 1 : 0;
      }
    }
    if (sealed > 0) {
      LOG.info(
          "Sealed what {} connections of {} had in fields that are secret now",
          sealed,
          provider.name());
    }
    return sealed;
  }

  private boolean seal(long connection, Set<String> secret) {
    try {
      return database.inTransaction(handle ->
          store
              .hold(handle, connection)
              .map(config -> moved(handle, connection, config.retain(secret), secret))
              .orElse(false));
    } catch (VaultException e) {
      // Its credentials have to be given again, and with them this; until then nobody is shown it.
      LOG.warn("Connection row {} opens no more: {}", connection, e.getMessage());
      return false;
    }
  }

  private boolean moved(Handle handle, long connection, ObjectNode values, Set<String> secret) {
    if (values.isEmpty()) {
      return false;
    }
    ObjectNode more = Json.object().setAll(values);
    vault.add(handle, connection, more);
    store.takeOut(handle, connection, secret);
    return true;
  }
}
