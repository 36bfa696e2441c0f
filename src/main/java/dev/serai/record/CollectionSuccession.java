package dev.serai.record;

import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionListener;
import org.jdbi.v3.core.Handle;

/**
 * When another account takes a connection's place, its collections begin empty and above every
 * version of the old ones: whoever holds an old cursor is told that it expired, instead of being
 * answered from somewhere in the new account's records. Thread-safe.
 */
public final class CollectionSuccession implements ConnectionListener {
  private final SuccessionStore store = new SuccessionStore();

  @Override
  public void created(Handle transaction, Connection connection) {}

  @Override
  public void replaced(Handle transaction, Connection old, Connection fresh) {
    store.begin(transaction, old.id(), fresh.id());
  }

  @Override
  public void deleted(Handle transaction, Connection connection) {}
}
