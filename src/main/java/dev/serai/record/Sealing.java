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
        public boolean on() {
          return false;
        }

        @Override
        public @Nullable DataKey current(long connection) {
          return null;
        }

        @Override
        public DataKey key(long id) {
          throw new IllegalStateException("sealed with data key " + id + ", and there are no keys");
        }
      };

  /** Whether payloads are to be sealed from now on. */
  boolean on();

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
   * What a record's envelope is bound to, and its images in the history. A collection belongs to
   * one connection.
   */
  static byte[] context(long collection, long key, String externalId) {
    return bound("record", collection, key, externalId);
  }

  /**
   * As {@link #context}, for what stands in quarantine.
   *
   * @param identified whether the record had a usable id; else its row is named by its content
   */
  static byte[] quarantined(long collection, long key, boolean identified, String externalId) {
    return bound(identified ? "refused" : "nameless", collection, key, externalId);
  }

  /**
   * No purpose begins as another does, and numbers have one length: no two spell the same bytes.
   */
  private static byte[] bound(String purpose, long collection, long key, String externalId) {
    byte[] id = externalId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(purpose.length() + 2 * Long.BYTES + id.length)
        .put(purpose.getBytes(StandardCharsets.US_ASCII))
        .putLong(collection)
        .putLong(key)
        .put(id)
        .array();
  }
}
