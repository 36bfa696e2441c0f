package dev.serai.inbox;

import dev.serai.database.Database;
import dev.serai.vault.Vault;
import java.util.Set;
import java.util.UUID;

/** A sealed delivery and its reading by the engine's own store, for tests elsewhere. */
public final class SealedArrivals {
  private SealedArrivals() {}

  public static UUID keep(Database database, Vault vault, int environment, long integration) {
    UUID uuid = UUID.randomUUID();
    String json = "{\"method\":\"POST\",\"url\":\"http://a/b\",\"headers\":[],\"body\":\"e30=\"}";
    byte[] sealed = vault.seal("webhook_arrival", uuid.toString(), json);
    database.useTransaction(handle ->
        handle.execute(
            "insert into webhook_arrival (uuid, environment, integration, provider, delivery, sealed, keep_until)"
                + " values (?, ?, ?, 'p', ?, ?, now() + interval '1 day')",
            uuid,
            environment,
            integration,
            uuid.toString(),
            sealed));
    return uuid;
  }

  /** As the engine that makes tasks of it. */
  public static Arrival takeUp(Database database, Vault vault, UUID uuid) {
    return database.inTransaction(handle -> {
      handle.execute(
          "update webhook_arrival set due_at = case when uuid = ? then timestamptz 'epoch' else 'infinity' end",
          uuid);
      DispatchStore.Waiting next = new DispatchStore().begin(handle, Set.of("p")).orElseThrow();
      if (!next.uuid().equals(uuid)) {
        throw new AssertionError("another delivery was next");
      }
      return new Contents(vault, false).read(uuid, next.content());
    });
  }
}
