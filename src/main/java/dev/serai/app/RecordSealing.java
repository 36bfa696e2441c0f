package dev.serai.app;

import dev.serai.connection.DataKeys;
import dev.serai.record.Sealing;
import dev.serai.vault.DataKey;
import org.jspecify.annotations.Nullable;

/**
 * What {@code serai.records.encrypt} says, on the data keys of the connections. Switched off, what
 * is sealed already still opens.
 */
record RecordSealing(DataKeys keys, boolean encrypt) implements Sealing {
  @Override
  public boolean on() {
    return encrypt;
  }

  @Override
  public @Nullable DataKey current(long connection) {
    return encrypt ? keys.current(connection) : null;
  }

  @Override
  public DataKey key(long id) {
    return keys.key(id);
  }
}
