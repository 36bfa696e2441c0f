package dev.serai.connection.connect;

import dev.serai.database.Database;
import dev.serai.vault.Vault;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The environments as pages meet them. Thread-safe. */
public final class FrontDoors {
  private static final String PURPOSE = "hmac_key";

  private final Database database;
  private final FrontDoorStore store;
  private final Vault vault;

  public FrontDoors(Database database, Vault vault) {
    this.database = database;
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

  /**
   * Changes what an environment asks of pages. Whoever changes it at the same time waits, and finds
   * what the first one left: nobody writes back what he never meant to change.
   *
   * @param change of the settings in force; what it throws leaves them as they are
   */
  public FrontDoor change(int environment, UnaryOperator<FrontDoor> change) {
    return database.inTransaction(handle -> {
      FrontDoorStore.Row row = store.lock(handle, environment);
      FrontDoor next = change.apply(opened(row));
      String key = next.hmacKey();
      byte[] sealed = key == null ? null : vault.seal(PURPOSE, row.uuid().toString(), key);
      store.update(handle, environment, sealed, next.hmacEnabled(), next.callbackUrl());
      return next;
    });
  }
}
