package dev.serai.record;

import dev.serai.vault.DataKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The keys that payloads are sealed with. Thread-safe; cheap to ask. */
public interface Sealing {
  /** Payloads stay plain. */
  Sealing OFF =
      new Sealing() {
        @Override
        public @Nullable DataKey current(long connection) {
          return null;
        }

        @Override
        public DataKey key(long id) {
          throw new IllegalStateException("sealed with data key " + id + ", and there are no keys");
        }
      };

  /** The key to seal this connection's payloads with, made if need be; null: they stay plain. */
  @Nullable DataKey current(long connection);

  /**
   * The key something was sealed with, whatever payloads are sealed with now.
   *
   * @throws dev.serai.vault.VaultException {@code data_key_gone} if it was dropped: what it sealed
   *     is erased
   */
  DataKey key(long id);

  /**
   * What a record's envelope is bound to: purpose, collection, external id and key, lengths told
   * apart by their order (fixed, fixed, fixed, rest). A collection belongs to one connection.
   */
  static byte[] context(long collection, long key, String externalId) {
    byte[] id = externalId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(6 + 2 * Long.BYTES + id.length)
        .put(new byte[] {'r', 'e', 'c', 'o', 'r', 'd'})
        .putLong(collection)
        .putLong(key)
        .put(id)
        .array();
  }
}
