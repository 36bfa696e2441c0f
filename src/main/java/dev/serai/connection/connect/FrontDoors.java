package dev.serai.connection.connect;

import dev.serai.database.Database;
import dev.serai.vault.Vault;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The environments as pages meet them. Thread-safe. */
public final class FrontDoors {
  private static final String PURPOSE = "hmac_key";

  private final FrontDoorStore store;
  private final Vault vault;

  public FrontDoors(Database database, Vault vault) {
    this.store = new FrontDoorStore(database);
    this.vault = vault;
  }

  public FrontDoor of(int environment) {
    return store.find(environment, null).map(this::opened).orElseThrow();
  }

  public Optional<FrontDoor> ofPublicKey(UUID key) {
    return store.find(null, key).map(this::opened);
  }

  private FrontDoor opened(FrontDoorStore.Row row) {
    byte[] sealed = row.hmacKey();
    return new FrontDoor(
        row.id(),
        row.name(),
        row.publicKey(),
        sealed == null ? null : vault.openText(PURPOSE, row.uuid().toString(), sealed),
        row.hmacEnabled(),
        row.callbackUrl());
  }

  public void set(
      int environment, @Nullable String hmacKey, boolean hmacEnabled, @Nullable String callback) {
    UUID uuid = store.find(environment, null).orElseThrow().uuid();
    byte[] sealed = hmacKey == null ? null : vault.seal(PURPOSE, uuid.toString(), hmacKey);
    store.update(environment, sealed, hmacEnabled, callback);
  }
}
