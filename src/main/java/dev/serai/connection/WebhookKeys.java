package dev.serai.connection;

import dev.serai.database.Database;
import dev.serai.outbox.SigningKeys;
import dev.serai.vault.Vault;
import java.time.Duration;
import java.util.UUID;

/**
 * The webhook signing keys of the environments, sealed at rest and opened when they are asked for;
 * none is kept in memory, so every node signs with a new key from its next webhook on. Thread-safe.
 */
public final class WebhookKeys implements SigningKeys {
  private static final String PURPOSE = "webhook_signing_key";
  // Of its own: in the place of the key in force the replaced one does not open.
  private static final String REPLACED = "previous_signing_key";

  private final Vault vault;
  private final Database database;
  private final WebhookKeyStore store;

  public WebhookKeys(Database database, Vault vault) {
    this.vault = vault;
    this.database = database;
    this.store = new WebhookKeyStore(database);
  }

  /** The first key of an environment, as it is stored. */
  public byte[] seal(UUID environment, String key) {
    return vault.seal(PURPOSE, environment.toString(), key);
  }

  @Override
  public Keys of(int environment) {
    WebhookKeyStore.Sealed sealed = store.find(environment);
    byte[] replaced = sealed.replaced();
    String row = sealed.environment().toString();
    return new Keys(
        vault.openText(PURPOSE, row, sealed.current()),
        replaced == null ? null : vault.openText(REPLACED, row, replaced));
  }

  /**
   * Signs with a new key from now on, and beside it with the replaced one for a while. One that was
   * replaced before signs no more.
   *
   * @param overlap zero: the replaced key signs nothing any more, as one must that was stolen
   * @return the new key; nobody can ask for it again
   */
  public String rotate(int environment, Duration overlap) {
    String key = UUID.randomUUID().toString();
    database.useTransaction(handle -> {
      WebhookKeyStore.Sealed old = store.locked(handle, environment);
      String row = old.environment().toString();
      byte[] replaced =
          overlap.isZero()
              ? null
              : vault.seal(REPLACED, row, vault.open(PURPOSE, row, old.current()));
      store.replace(
          handle, environment, vault.seal(PURPOSE, row, key), replaced, overlap.toSeconds());
    });
    return key;
  }
}
