package dev.serai.record;

import dev.serai.vault.DataKey;
import dev.serai.vault.VaultException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Data keys in memory; key 7 is there, any other was dropped. */
public final class Sealed implements Sealing {
  public static final DataKey KEY = new DataKey(7, new byte[DataKey.LENGTH]);

  private final Map<Long, DataKey> keys = new TreeMap<>(Map.of(KEY.id(), KEY));

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public @Nullable DataKey current(long connection) {
    return KEY;
  }

  @Override
  public DataKey key(long id) {
    DataKey key = keys.get(id);
    if (key == null) {
      throw VaultException.dataKeyGone(id);
    }
    return key;
  }

  /** What a row of this collection holds for this payload. */
  public static byte[] envelope(long collection, String externalId, String json) {
    byte[] plain = json.getBytes(StandardCharsets.UTF_8);
    return KEY.seal(Sealing.context(collection, KEY.id(), externalId), plain, 0, plain.length);
  }
}
